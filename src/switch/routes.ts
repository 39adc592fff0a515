import type { Config } from '../config/schema.ts'
import { ENGINE } from '../config/upstream-kinds.ts'
import type { Presented } from '../core/request.ts'
import type { Fields } from '../iso8583/message.ts'

/** The destination of a card: the name of an upstream, or null for the engine. */
export type Routes = (number: string, operation: string, by: Presented['by']) => string | null

/**
 * The narrowest prefix decides among the routes for this operation and entry mode. `engine` is an answer like any
 * other, so that a narrow prefix of our own can lie within a wide one of another host; so is the absence of a route.
 */
export function createRoutes(routes: Config['routes']): Routes {
  const narrowestFirst = [...routes].sort((a, b) => b.prefix.length - a.prefix.length)
  return (number, operation, by) => {
    const route = narrowestFirst.find(
      ({ prefix, operations, entry }) =>
        number.startsWith(prefix) && includes(operations, operation) && includes(entry, by),
    )
    return route === undefined || route.to === ENGINE ? null : route.to
  }
}

/** An empty list means all. */
const includes = (list: readonly string[], one: string): boolean => list.length === 0 || list.includes(one)

/** The number of the card that a message shows, in DE 2, track 2 or track 1; null: none. */
export const numberIn = (fields: Fields): string | null =>
  fields[2] ?? fields[35]?.split(/[=D]/u, 1)[0] ?? fields[45]?.slice(1).split('^', 1)[0] ?? null

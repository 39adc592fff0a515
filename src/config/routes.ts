import type { Problem } from './check.ts'
import type { Config, RouteConfig } from './schema.ts'
import { ENGINE, UPSTREAM_OPERATIONS } from './upstream-kinds.ts'

/** Checks routes: unknown hosts, hosts that do not serve the operation, and overlapping prefixes. */
export function wrongRoutes({ routes, upstreams }: Config): Problem[] {
  const kinds = new Map(upstreams.map(({ name, kind }) => [name, kind]))
  return [
    ...upstreams.flatMap(({ name }, i) => {
      const first = upstreams.findIndex((upstream) => upstream.name === name)
      return first < i
        ? [{ path: ['upstreams', i, 'name'], text: `must be unique; ${name} is upstreams[${first}] too` }]
        : []
    }),
    ...upstreams.flatMap(({ name }, i) =>
      name === ENGINE ? [{ path: ['upstreams', i, 'name'], text: `must not be ${ENGINE}, which is Akart's own` }] : [],
    ),
    ...upstreams.flatMap(({ tls, tlsCert, tlsKey }, i) =>
      tls === 'on' && (tlsCert === null) !== (tlsKey === null)
        ? [
            {
              path: ['upstreams', i, tlsCert === null ? 'tlsCert' : 'tlsKey'],
              text: 'must be set: certificate and key go together',
            },
          ]
        : [],
    ),
    ...routes.flatMap((route, i): Problem[] => {
      const kind = kinds.get(route.to)
      if (kind === undefined) return route.to === ENGINE ? [] : [noSuchUpstream(route, i, [...kinds.keys()])]
      const served: readonly string[] = UPSTREAM_OPERATIONS[kind]
      return route.operations.flatMap((operation, j) =>
        served.includes(operation)
          ? []
          : [
              {
                path: ['routes', i, 'operations', j],
                text: `must be what ${kind} serves (${served.join(', ')}); it is ${operation}`,
              },
            ],
      )
    }),
    ...routes.flatMap((route, i) => {
      const other = routes.findIndex((earlier) => collide(earlier, route))
      return other < i
        ? [
            {
              path: ['routes', i, 'prefix'],
              text: `must be told apart from routes[${other}] by operations or entry; it is ${route.prefix} too`,
            },
          ]
        : []
    }),
  ]
}

const noSuchUpstream = ({ to }: RouteConfig, i: number, names: readonly string[]): Problem => ({
  path: ['routes', i, 'to'],
  text: `must be the name of an upstream (${names.join(', ') || 'there is none'}) or ${ENGINE}; it is ${to}`,
})

/** The same card, operation and entry would go both ways; an empty list means all. */
const collide = (a: RouteConfig, b: RouteConfig): boolean =>
  a.prefix === b.prefix && overlap(a.operations, b.operations) && overlap(a.entry, b.entry)

const overlap = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === 0 || b.length === 0 || a.some((one) => b.includes(one))

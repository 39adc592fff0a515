/** The last line of each room: `375 passed, 0 failed`. */
export type Rooms = Map<string, string>

const COUNTS = /^(\d+) passed, (\d+) failed$/u

/**
 * A line for each room with its result on each server, and a last line with the sum. A server that is not available (null) is
 * named, but is not a failure; a room without its two counts is one.
 *
 * @returns whether nothing failed
 */
export function sayRooms(results: ReadonlyMap<string, Rooms | null>, say: (line: string) => void): boolean {
  const servers = [...results.keys()]
  const rooms = new Set([...results.values()].flatMap((said) => [...(said ?? new Map<string, string>()).keys()]))
  const cell = (server: string, room: string): string => {
    const said = results.get(server)
    return said === null ? 'not to be had' : (said?.get(room) ?? 'not run')
  }
  const line = (first: string, cells: readonly string[]): string => [first.padEnd(24), ...cells.map((text) => text.padEnd(26))].join('').trimEnd() // prettier-ignore
  say(line('room', servers))
  for (const room of rooms) say(line(room, servers.map((server) => cell(server, room)))) // prettier-ignore
  const said = [...results.values()].flatMap((one) => [...(one?.values() ?? [])])
  const sum = (which: 1 | 2): number => said.reduce((total, text) => total + Number(COUNTS.exec(text)?.[which] ?? 0), 0)
  const failed = sum(2) + said.filter((text) => !COUNTS.test(text)).length
  say(`${sum(1)} passed, ${failed} failed`)
  return failed === 0
}

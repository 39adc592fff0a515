// In which order test files run, so that two processors have work until the end. What is not named here is short.

/** Those that keep a processor busy longest, the longest first: one that is started last would be waited for alone. */
export const LONG = [
  'menu/journeys/screens',
  'simulators/guided-hour-tester',
  'simulators/guided-hour-vendor',
  'simulators/scenarios',
  'engine/engine.planted',
  'cli/up',
  'engine/foundations.planted',
  'menu/journeys/people-at-work',
  'menu/journeys/card',
  'menu/journeys/welfare',
  'menu/journeys/reports',
  'menu/journeys/people',
  'web/browser-pages',
  'web/client',
  'simulators/package',
  'app/card-key',
  'secrets',
  'cli/akart',
  'conformance/restart',
  'engine/engine.model',
  'menu/journeys/search',
  'simulators/fuzz',
  'switch/router',
  'switch/routed-histories',
  'cli/store',
  'simulators/commands',
  'office/terminal-keys',
  'cli/terminal',
  'menu/journeys/case',
  'simulators/send',
  'menu/journeys/today',
  'conformance/issuing',
  'menu/sign-in',
  'cli/lists',
  'cli/lines',
  'core/exhaustive',
  'docs/operations',
] as const

/** Those that wait for timers, locks or a server that hangs, and hardly work: they run beside the others. */
export const WAITING = [
  'jobs/confirm-timer',
  'home/keep-running',
  'simulators/conformance',
  'app/outage',
  'switch/line',
  'simulators/terminal-conformance',
  'simulators/load',
  'engine/engine.outage',
  'engine/engine.locks',
  'engine/engine.frozen',
] as const

/** Those that say something to their process as a whole (its environment, how it ends), or start and kill others. */
export const ALONE = [
  'app/doctor',
  'app/on-database',
  'cli/production-file',
  'engine/engine.crash',
  'engine/engine.kill',
  'home/home',
  'home/room',
  'jobs/upkeep.kill',
  'web/webhook-kill',
] as const

/** A process loads tap and the room in half of a second, and most files take less than that. */
const MOST_TOGETHER = 12

const nameOf = (file: string): string => file.replace(/^.*?test\//, '').replace(/\.(test|soak)\.js$/, '')
const roomOf = (file: string): string => nameOf(file).split('/').slice(0, -1).join('/')
const rankIn = (list: readonly string[], [file = '']: readonly string[]): number => {
  const at = list.indexOf(nameOf(file))
  return at < 0 ? list.length : at
}

export const isWaiting = (group: readonly string[]): boolean => rankIn(WAITING, group) < WAITING.length

/** Files that run in one process: those of a room, in order, but for the ones that are named above. */
export function inGroups(files: readonly string[]): readonly (readonly string[])[] {
  const named: ReadonlySet<string> = new Set([...LONG, ...WAITING, ...ALONE])
  const rooms = new Map<string, string[]>()
  const groups: (readonly string[])[] = []
  for (const file of files) {
    const room = roomOf(file)
    if (named.has(nameOf(file)) || room === '') groups.push([file])
    else rooms.set(room, [...(rooms.get(room) ?? []), file])
  }
  for (const together of rooms.values())
    for (let at = 0; at < together.length; at += MOST_TOGETHER) groups.push(together.slice(at, at + MOST_TOGETHER))
  // The larger ones first, as those that are long.
  return groups.toSorted((a, b) => b.length - a.length)
}

export const longestFirst = (groups: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  groups.toSorted((a, b) => rankIn(LONG, a) - rankIn(LONG, b) || rankIn(WAITING, a) - rankIn(WAITING, b))

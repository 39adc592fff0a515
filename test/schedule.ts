// The order of test files, so that two processors have work until the end. Files that are not named here are short.

/** The files with the most processor time, the longest first, so that none is left alone at the end. */
export const LONG = [
  'simulators/scenarios',
  'menu/journeys/issuing',
  'menu/journeys/screens',
  'cli/up',
  'menu/journeys/network',
  'menu/journeys/people-at-work',
  'menu/journeys/welfare',
  'menu/journeys/month-close',
  'web/api.model',
  'menu/journeys/card',
  'web/api.planted',
  'simulators/guided-hour-tester',
  'app/card-key',
  'conformance/restart',
  'app/two-starts',
  'cli/store',
  'simulators/fuzz',
  'secrets',
  'cli/akart',
  'menu/journeys/reports',
  'engine/engine.planted',
  'menu/journeys/people',
  'office/welfare/welfare.planted',
  'menu/journeys/search',
  'conformance/issuing',
  'simulators/commands',
  'engine/engine.model',
  'web/up',
  'cli/lists',
  'docs/production',
  'web/browser-pages',
  'menu/journeys/today',
  'jobs/upkeep.kill',
  'menu/journeys/case',
  'office/welfare/lists',
  'web/client',
  'menu/sign-in',
  'core/exhaustive',
  'cli/terminal',
  'simulators/typed',
  'simulators/shop',
  'office/archive',
  'office/welfare/booking',
  'engine/foundations.planted',
  'docs/operations',
  'cli/lines',
  'simulators/send',
  'office/welfare/history',
] as const

/** Files that mostly wait for timers, locks or a server that hangs: they run beside the others. */
export const WAITING = [
  'jobs/confirm-timer',
  'home/keep-running',
  'app/outage',
  'switch/line',
  'simulators/conformance',
  'simulators/terminal-conformance',
  'switch/routed-histories',
  'engine/engine.outage',
  'switch/router',
  'simulators/load',
  'office/terminal-keys',
  'menu/ecards.kill',
  'engine/engine.frozen',
  'jobs/paused',
  'engine/engine.locks',
] as const

/**
 * Files that change their process as a whole (its environment, how it ends), or wait for a test while they are loaded.
 */
export const ALONE = [
  'app/doctor',
  'app/on-database',
  'cli/production-file',
  'conformance/frames',
  'conformance/mac',
  'conformance/once',
  'conformance/operations',
  'conformance/undo',
  'engine/engine.crash',
  'engine/engine.kill',
  'home/home',
  'home/room',
  'web/webhook-kill',
] as const

/** Each of these starts an Akart and a browser, which would stay open during the following files of the same process. */
const JOURNEYS = 'menu/journeys'

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
    if (named.has(nameOf(file)) || room === '' || room === JOURNEYS) groups.push([file])
    else rooms.set(room, [...(rooms.get(room) ?? []), file])
  }
  for (const together of rooms.values())
    for (let at = 0; at < together.length; at += MOST_TOGETHER) groups.push(together.slice(at, at + MOST_TOGETHER))
  // The larger ones first, as those that are long.
  return groups.toSorted((a, b) => b.length - a.length)
}

export const longestFirst = (groups: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  groups.toSorted((a, b) => rankIn(LONG, a) - rankIn(LONG, b) || rankIn(WAITING, a) - rankIn(WAITING, b))

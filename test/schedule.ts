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

const nameOf = (file: string): string => file.replace(/^.*?test\//, '').replace(/\.(test|soak)\.js$/, '')
const rankIn = (list: readonly string[], file: string): number => {
  const at = list.indexOf(nameOf(file))
  return at < 0 ? list.length : at
}

export const isWaiting = (file: string): boolean => rankIn(WAITING, file) < WAITING.length

export const longestFirst = (files: readonly string[]): string[] =>
  [...files].sort((a, b) => rankIn(LONG, a) - rankIn(LONG, b) || rankIn(WAITING, a) - rankIn(WAITING, b))

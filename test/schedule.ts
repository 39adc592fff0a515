// In which order test files run, so that two processors have work until the end. What is not named here is short.

/** Those that keep a processor busy longest, the longest first: one that is started last would be waited for alone. */
export const LONG = [
  'engine/engine.planted',
  'cli/store',
  'engine/foundations.planted',
  'engine/engine.model',
  'switch/routed-histories',
  'simulators/guided-hour-tester',
  'simulators/guided-hour-vendor',
  'menu/journeys/card',
  'simulators/scenarios',
  'cli/up',
  'cli/akart',
  'simulators/conformance',
  'simulators/fuzz',
  'cli/terminal',
  'simulators/terminal-conformance',
  'menu/journeys/people',
  'simulators/package',
  'app/card-key',
  'secrets',
  'conformance/restart',
  'cli/lines',
  'menu/journeys/search',
  'conformance/issuing',
] as const

/** Those that wait for timers, locks or a server that hangs, and hardly work: they run beside the others. */
export const WAITING = [
  'jobs/confirm-timer',
  'home/keep-running',
  'app/outage',
  'switch/line',
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

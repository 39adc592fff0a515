/** ms between two lines. */
const PAUSE_MS = 1_000

type Surroundings = { readonly now: () => number; readonly say: (line: string) => void }

const USUAL: Surroundings = { now: () => performance.now(), say: (line) => console.error(line) }

/**
 * Prints the progress of long work on standard error: `2000 of 8000 cards made, 25 %, 500/s, 12 s left`. It prints at
 * once, then every second, and at the end. Work done before a restart does not count for the rate.
 */
export function progressOf(what: string, { now, say }: Surroundings = USUAL): (done: number, of: number) => void {
  let begun: { readonly at: number; readonly done: number } | null = null
  let last = -Infinity
  let ended = false
  return (done, of) => {
    const at = now()
    begun ??= { at, done }
    if (ended || (done < of && at - last < PAUSE_MS)) return
    last = at
    ended = done >= of
    const percent = of === 0 ? 100 : Math.floor((done / of) * 100)
    say([`${done} of ${of} ${what}`, `${percent} %`, ...speed(done - begun.done, of - done, at - begun.at)].join(', '))
  }
}

/** The same for work that is usually quick: nothing is printed in the first second. */
export function laterProgressOf(what: string, surroundings: Surroundings = USUAL): (done: number, of: number) => void {
  const begun = surroundings.now()
  const progress = progressOf(what, surroundings)
  return (done, of) => {
    if (surroundings.now() - begun >= PAUSE_MS) progress(done, of)
  }
}

function speed(done: number, left: number, ms: number): string[] {
  if (done <= 0 || ms < PAUSE_MS) return []
  const aSecond = done / (ms / 1_000)
  const rate = `${aSecond < 10 ? aSecond.toFixed(1) : Math.round(aSecond)}/s`
  return left <= 0 ? [rate] : [rate, `${timeText(left / aSecond)} left`]
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 120) return `${whole} s`
  return whole < 7_200 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3_600)} h`
}

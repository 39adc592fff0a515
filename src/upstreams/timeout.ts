/**
 * Calls `judge` once `ms` have passed and whatever had come by then has been read. An event loop that stalled for a
 * second in a socket's callback fired a timer of 200 ms although the answer lay in the kernel: so after the timer one
 * more turn of the poll (timers, then a turn, then the check phase), and only then the verdict.
 *
 * @returns what calls it off
 */
export function afterTimeout(ms: number, judge: () => void): () => void {
  let called = false
  const verdict = (): void => {
    if (!called) judge()
  }
  const timer = setTimeout(() => setTimeout(() => setImmediate(verdict), 0), ms)
  return () => {
    called = true
    clearTimeout(timer)
  }
}

/**
 * When the requests of an open loop are due: at a constant rate, which a ramp reaches linearly from 0.
 * Times in seconds from the beginning.
 */
export type Pace = {
  /** How many are due by then, the first one at once. */
  readonly dueBy: (seconds: number) => number
  /** When request number i, from 0 on, is due. */
  readonly dueAt: (i: number) => number
  /** How many requests there are before then. */
  readonly until: (seconds: number) => number
}

export function paceOf(rate: number, ramp: number): Pace {
  const inRamp = (rate * ramp) / 2
  const sent = (seconds: number): number =>
    seconds < ramp ? (rate * seconds * seconds) / (2 * ramp) : inRamp + rate * (seconds - ramp)
  return {
    dueBy: (seconds) => Math.floor(sent(seconds)) + 1,
    dueAt: (i) => (i < inRamp ? Math.sqrt((2 * ramp * i) / rate) : ramp + (i - inRamp) / rate),
    until: (seconds) => Math.ceil(sent(seconds)),
  }
}

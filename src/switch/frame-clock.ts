/** The time of a line's last data, and the time since when a frame is incomplete. All times are `performance.now()`. */
export type FrameClock = {
  /** A chunk came; `ended`: a frame ended in it, be it of length zero; `pending`: another one has begun and has not ended. */
  readonly heard: (now: number, ended: boolean, pending: boolean) => void
  /**
   * After a pause in our reading, a frame that has begun gets its whole time again: the delay is not the sender's
   * fault.
   */
  readonly restart: (now: number) => void
  /** No frame is waited for any more. */
  readonly clear: () => void
  readonly isLate: (now: number) => boolean
  readonly isIdle: (now: number) => boolean
}

export type FrameTimes = {
  /** ms of silence after which a line is closed. */
  readonly idleTimeoutMs: number
  /** ms in which a frame that has begun must end. */
  readonly frameTimeoutMs: number
}

export function createFrameClock({ idleTimeoutMs, frameTimeoutMs }: FrameTimes, now: number): FrameClock {
  let lastHeard = now
  let began: number | null = null
  return {
    heard(at, ended, pending) {
      // Where this chunk ended a frame, the one that is pending now began in it.
      began = pending ? (ended ? at : (began ?? at)) : null
      // Frames of length zero count too: a till that has nothing to say keeps its line by them.
      lastHeard = at
    },
    restart(at) {
      if (began !== null) began = at
    },
    clear() {
      began = null
    },
    isLate: (at) => began !== null && at - began > frameTimeoutMs,
    isIdle: (at) => at - lastHeard > idleTimeoutMs,
  }
}

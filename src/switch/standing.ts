/** Whether a line has carried a request of an active terminal yet. Until then the number of its refusals is limited. */
export type Standing = {
  /** A request of an active terminal came, under its right MAC where it needs one. */
  readonly right: () => void
  /** Something came that no terminal of ours would send. */
  readonly wrong: () => void
}

const REFUSALS_AT_MOST = 100

/** @param proven called at the first right request; `end` where a line had its refusals and no right request */
export function createStanding(proven: () => void, end: (why: string) => void): Standing {
  let isProven = false
  let refusals = 0
  return {
    right() {
      if (isProven) return
      isProven = true
      proven()
    },
    wrong() {
      if (isProven || ++refusals < REFUSALS_AT_MOST) return
      end(`${refusals} refusals and no request of an active terminal`)
    },
  }
}

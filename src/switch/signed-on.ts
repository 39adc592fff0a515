/** The terminals that have signed on on a line: the state belongs to the line, and ends with it. */
export type SignedOn = {
  readonly on: (terminal: string) => void
  readonly off: (terminal: string) => void
  readonly has: (terminal: string) => boolean
}

// More terminals than any concentrator has; the one that signed on first makes room, and signs on again when asked to.
const TERMINALS_AT_MOST = 4096

export function createSignedOn(): SignedOn {
  // Made when it is needed: most lines of a busy switch never sign on.
  let terminals: Set<string> | null = null
  return {
    on(terminal) {
      terminals ??= new Set()
      terminals.delete(terminal)
      terminals.add(terminal)
      const [first] = terminals
      if (terminals.size > TERMINALS_AT_MOST && first !== undefined) terminals.delete(first)
    },
    off: (terminal) => void terminals?.delete(terminal),
    has: (terminal) => terminals?.has(terminal) === true,
  }
}

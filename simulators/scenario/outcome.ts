import type { Message } from '../terminal/message.ts'

/** One exchange on a line: both messages as far as they could be read, and the faults. */
export type Talk = {
  title: string
  line: number
  sent: Message | null
  answer: Message | null
  ms: number
  problems: string[]
}

/** The result of a step. `talks` is empty for waiting and cutting. */
export type StepOutcome = { title: string; line: number; note: string; problems: string[]; talks: Talk[] }

export type CardOutcome = { name: string; number: string | null; note: string; problem: string | null }

export type RunOutcome = {
  file: string
  title: string
  /** Whether there was a card for everything, so that its steps could be played. */
  begun: boolean
  ok: boolean
  steps: number
  failed: number
  ms: number
  strays: number
}

/** Receives all events as they happen. */
export type Watcher = {
  begin: (title: string, file: string) => void
  card: (card: CardOutcome) => void
  step: (step: StepOutcome) => void
  end: (run: RunOutcome) => void
}

export function stepOk({ problems, talks }: StepOutcome): boolean {
  return problems.length === 0 && talks.every((talk) => talk.problems.length === 0)
}

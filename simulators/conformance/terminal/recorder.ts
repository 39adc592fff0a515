import type { Message } from '../../terminal/message.ts'
import { originalMti } from '../../terminal/operations.ts'
import type { DemoTerminal } from '../../demo/terminals.ts'
import { type Frame, keyOf, names, type Story } from './trace.ts'

/** Messages of a situation that the host may treat otherwise than it should. */
export type Part = 'request' | 'confirmation' | 'reversal'

export type Recorder = {
  readonly note: (frame: Pick<Frame, 'from' | 'message' | 'note'> & { readonly mac?: string | null }) => Frame
  /** Begins a situation. */
  readonly begin: () => void
  /** Makes a frame what the situation is about, unless it has something already. */
  readonly about: (frame: Frame) => void
  readonly original: () => Message | null
  /** The part of the situation that this message is, and the number of earlier ones of its kind; null: none. */
  readonly partOf: (message: Message) => { readonly part: Part; readonly before: number } | null
  readonly story: () => Story
  /** Frames in all. */
  readonly count: () => number
  /** Resolves when something has happened, or after so long. */
  readonly next: (ms: number) => Promise<void>
}

/** Writes down what happens between a terminal and the host that judges it. */
export function recorderOf(now: () => number, terminalOf: (message: Message) => DemoTerminal | null): Recorder {
  const began = now()
  const before: Frame[] = []
  let frames: Frame[] = []
  let original: Frame | null = null
  let counts: Record<Part, number> = { request: 0, confirmation: 0, reversal: 0 }
  let wake = () => {}

  const partNamed = (message: Message): Part | null => {
    if (original?.message == null) return null
    const said = { frame: original, ...original.message }
    const asked = { frame: original, ...message }
    if (keyOf(asked) === keyOf(said)) return 'request'
    const kind = originalMti(message.mti)
    if (!names(asked, said)) return null
    return kind === '0202' ? 'confirmation' : kind === '0420' ? 'reversal' : null
  }
  return {
    note: (frame) => {
      const clock = now()
      const number = before.length + frames.length + 1
      const noted: Frame = { mac: null, ...frame, number, clock, atMs: clock - began }
      frames = [...frames, noted]
      wake()
      return noted
    },
    begin: () => {
      before.push(...frames)
      frames = []
      original = null
      counts = { request: 0, confirmation: 0, reversal: 0 }
    },
    about: (frame) => void (original ??= frame),
    original: () => original?.message ?? null,
    partOf: (message) => {
      const part = partNamed(message)
      if (part === null) return null
      const seen = counts[part]
      counts = { ...counts, [part]: seen + 1 }
      return { part, before: seen }
    },
    story: () => {
      const about = original?.message ?? null
      return { original, frames, before, terminal: about === null ? null : terminalOf(about) }
    },
    count: () => before.length + frames.length,
    next: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}

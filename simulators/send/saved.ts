import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type DemoCard, maskNumber } from '../demo/cards.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Fields } from '../terminal/fields.ts'
import { isApproval } from '../terminal/describe.ts'
import type { Message } from '../terminal/message.ts'
import { type Entry, type FollowUp, originalMti } from '../terminal/operations.ts'
import { fileErrorText } from '../../src/text/file-error.ts'

/** A request that `send` sent, as far as it may be kept: without anything of the card, without its MAC. */
export type Saved = {
  readonly id: number
  readonly at: string
  readonly operation: string
  readonly target: string
  readonly request: Message
  readonly entry: Entry
  /** Null: no card, or none that can be had again from the demo set. */
  readonly card: { readonly masked: string; readonly row: number | null } | null
  /** Null: no answer came. */
  readonly answer: { readonly mti: string; readonly fields: Fields } | null
}

/** Numbers, tracks, PINs, chip data, eCodes, key blocks and MACs: never in the file. */
const SECRET: ReadonlySet<number> = new Set([2, 14, 34, 35, 36, 45, 52, 53, 55, 62, 64, 102, 103, 128])
const MOST_FLAGS = 40
/** The elements of an answer that later requests need. */
const KEPT = [4, 37, 38, 39, 44] as const
const MOST_SAVED = 1_000

const keepable = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([de, value]) => !SECRET.has(Number(de)) && (de !== '48' || value.length <= MOST_FLAGS),
    ),
  )

/** All that were saved, the oldest first; none where there is no file yet. Throws a SetUpError naming file and line. */
export function readSaved(file: string): Saved[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new SetUpError(`--saved ${file}: ${fileErrorText(problem)}`)
  }
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    try {
      return [JSON.parse(line) as Saved]
    } catch {
      throw new SetUpError(`${file}:${i + 1}: not a saved request; delete the file to start again`)
    }
  })
}

export type ToSave = Pick<Saved, 'operation' | 'target' | 'entry'> & {
  readonly request: Message
  readonly card: DemoCard | null
  readonly answer: Message | null
}

/** Adds a request, readable for its owner only; the oldest go when there are more than a thousand. Gives its number. */
export function save(file: string, saved: ToSave, cards: readonly DemoCard[], now: number): number {
  const before = readSaved(file)
  const id = (before.at(-1)?.id ?? 0) + 1
  const { card, request, answer } = saved
  const row = card === null ? -1 : cards.indexOf(card)
  const kept: Saved = {
    id,
    at: new Date(now).toISOString(),
    operation: saved.operation,
    target: saved.target,
    request: { mti: request.mti, fields: keepable(request.fields) },
    entry: saved.entry,
    card: card === null ? null : { masked: maskNumber(card.number), row: row < 0 ? null : row },
    answer: answer && {
      mti: answer.mti,
      fields: Object.fromEntries(
        KEPT.flatMap((de) => (answer.fields[de] === undefined ? [] : [[de, answer.fields[de]]])),
      ),
    },
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const line = `${JSON.stringify(kept)}\n`
  if (before.length < MOST_SAVED) appendFileSync(file, line, { mode: 0o600 })
  else {
    const rest = before.slice(1 - MOST_SAVED).map((one) => `${JSON.stringify(one)}\n`)
    writeFileSync(file, [...rest, line].join(''), { mode: 0o600 })
  }
  chmodSync(file, 0o600)
  return id
}

export const followUpNames = ['confirm', 'reverse', 'cancel', 'repeat'] as const satisfies readonly (
  | FollowUp
  | 'repeat'
)[]
export type FollowUpName = (typeof followUpNames)[number]

/** The requests that each follow-up can be about. */
const ABOUT: Readonly<Record<FollowUpName, readonly string[]>> = {
  confirm: ['0200', '0400'],
  reverse: ['0200', '0220', '0400'],
  cancel: ['0200'],
  repeat: ['0100', '0200', '0202', '0220', '0400', '0420', '0500', '0520', '0600', '0800'],
}

/** The request that is meant: by its number, or the last that it can be about. Throws a SetUpError. */
export function savedFor(what: FollowUpName, of: string, saved: readonly Saved[]): Saved {
  if (of === 'last') {
    const fitting = saved.filter(({ request }) => ABOUT[what].includes(originalMti(request.mti)))
    const found = fitting.at(-1)
    if (found === undefined) throw new SetUpError(`${what}: nothing was sent that it could be about`)
    return found
  }
  const found = saved.find(({ id }) => String(id) === of)
  if (found === undefined) throw new SetUpError(`--of ${of}: no such request; akart-sim sent lists them`)
  return found
}

/** One line per request: number, time, operation, terminal, trace number, card, amount, answer. */
export const savedLine = ({ id, at, operation, request, card, answer }: Saved): string =>
  [
    String(id).padStart(4),
    at.slice(0, 19).replace('T', ' '),
    operation.padEnd(14),
    request.mti,
    (request.fields[41] ?? '').padEnd(8),
    request.fields[11] ?? '',
    (card?.masked ?? '').padEnd(19),
    answer === null ? 'no answer' : `${answer.fields[39] ?? ''} ${answer.fields[44]?.trimEnd() ?? ''}`.trim(),
    isApproval(answer?.fields[39]) ? (answer?.fields[37] ?? '') : '',
  ]
    .join('  ')
    .trimEnd()

import type { TextForm } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import { TOTAL_NAMES, type Total, type Totals } from '../core/totals.ts'
import type { Fields, Message } from '../iso8583/message.ts'
import { PackError } from '../iso8583/pack-error.ts'
import { pack } from '../iso8583/pack.ts'
import type { Profile } from '../iso8583/profile.ts'
import { placeOf } from './format-error.ts'
import { MESSAGE_KINDS } from './kinds.ts'
import { RESPONSE_CODES } from './response-code.ts'
import { type AnsweredRow, giveReference, toDayEndResponse, toFormatError } from './to-response.ts'
import { TOTALS_DE } from './totals.ts'

/**
 * Checks that a dialect can express every answer of the switch. If something is booked and cannot be answered, the
 * terminal does not know of the money, so an incomplete dialect is refused at start.
 */

const LANGUAGES = ['pl', 'en'] as const
const SETS = ['ascii', 'iso-8859-2', 'windows-1250', 'cp852', 'utf-8'] as const
const FORMS: readonly TextForm[] = LANGUAGES.flatMap((language) =>
  SETS.map((characterSet) => ({ language, characterSet })),
)
/** The only element whose text and character set depend on the terminal. */
const TEXT = 63
const RESULTS = Object.keys(RESPONSE_CODES) as Result[]

const MOST: Total = { number: 9_999_999_999, amount: 999_999_999_999_999 }
const TOTALS = Object.fromEntries(TOTAL_NAMES.map((name) => [name, MOST])) as Record<keyof Totals, Total>
const KEY = { store: 'S', terminal: 'T', stan: 1, transmitted: 20261122173005 }

export type AnswerFault = { readonly place: string; readonly text: string }

/** The missing elements with reasons, located in the profile file; empty if the profile is complete. */
export function answerFaults(profile: Profile): readonly AnswerFault[] {
  const faults = new Map<number, string>()
  const tried = new Set<string>()
  for (const { answer, characterSet } of answersIn(profile)) {
    for (const [element, value] of Object.entries(answer.fields)) {
      const field = Number(element)
      const sets = field === TEXT ? [characterSet] : SETS
      const name = `${field} ${field === TEXT ? characterSet : ''} ${value}`
      if (value === undefined || tried.has(name)) continue
      tried.add(name)
      for (const set of sets) {
        const fault = faultOf(profile, { mti: answer.mti, fields: { [field]: value } }, set)
        if (fault !== null && !faults.has(field)) faults.set(field, `DE ${field} ${fault} (${value})`)
      }
    }
  }
  return [...faults]
    .sort(([a], [b]) => a - b)
    .map(([field, text]) => ({ place: profile.specs.get(field)?.place ?? profile.fieldsPlace, text }))
}

// An AES key of 256 bits in a block of version D: header 16, length and key filled up to 48 bytes, MAC 16 bytes.
const LONGEST_KEY_BLOCK = 'D'.repeat(16 + 2 * 48 + 2 * 16)

/** A dialect need not have DE 48 of an 0810; without it terminals get no keys over the line. */
export const carriesKeys = (profile: Profile): boolean =>
  faultOf(profile, { mti: '0810', fields: { 48: LONGEST_KEY_BLOCK } }, 'ascii') === null

const REASONS: Readonly<Record<string, string>> = {
  'undefined field': 'is missing',
  length: 'is too short',
  content: 'has another content',
}

function faultOf(profile: Profile, message: Message, characterSet: TextForm['characterSet']): string | null {
  try {
    pack(profile.textIn[characterSet], message)
    return null
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    return REASONS[error.reason] ?? error.reason
  }
}

type SampleAnswer = { readonly answer: Message; readonly characterSet: TextForm['characterSet'] }

/** Every answer to every message that can be sent in this dialect, with the longest value of each field. */
function* answersIn(profile: Profile): Generator<SampleAnswer> {
  const has = (field: number): boolean => profile.specs.has(field)
  const isKeyed = [7, 11, 41, 42].every(has)
  const covered = new Set<Result>()
  for (const [mti, { kind, mandatory, carries }] of Object.entries(MESSAGE_KINDS)) {
    if (!mandatory.every(has)) continue
    const request: Message = { mti, fields: {} }
    const row = rowFor(kind)
    for (const result of RESULTS) {
      if (result === 'totals_differ' && !TOTALS_DE.some(has)) continue
      // The text of a result is the same in the answers to all messages.
      for (const form of covered.has(result) ? FORMS.slice(0, 1) : FORMS) {
        const answer = toDayEndResponse(request, result, { ...row, result }, TOTALS, form)
        yield { answer: carries === 'network' ? withoutRow(answer) : answer, characterSet: form.characterSet }
      }
      covered.add(result)
    }
  }
  const refused = toFormatError({ mti: '0200', fields: {} }, placeOf(128, 'x'.repeat(25)))
  if (isKeyed) giveReference(refused, { ...KEY, kind: 200 })
  yield { answer: refused, characterSet: 'ascii' }
  // The longest text that a later version may have.
  yield { answer: { mti: '0210', fields: { 63: 'x'.repeat(40) } }, characterSet: 'ascii' }
}

/** An 0810 has no transaction row, so the fields from it are left out. */
function withoutRow({ mti, fields }: Message): Message {
  const kept: Fields = { 39: fields[39], 44: fields[44], 63: fields[63] }
  return { mti, fields: kept }
}

const AMOUNT = 999_999_999_999

const rowFor = (kind: number): Omit<AnsweredRow, 'result'> => ({
  key: { ...KEY, kind },
  labels: { localTime: '', rrn: '632617000017', approvalCode: 'A7K2Q9', amount: AMOUNT },
  transfer: { amount: AMOUNT },
  balances: { ledger: AMOUNT, available: AMOUNT, currency: 985 },
})

import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import type { Fields } from '../terminal/fields.ts'
import {
  DEFAULT_CURRENCY,
  followUpOf,
  type Message,
  repeatOf,
  requestFor,
  stampFields,
  cardFieldsOf,
} from '../terminal/message.ts'
import {
  type Entry,
  entries,
  type FollowUp,
  followUps,
  type OperationName,
  operations,
  originalMti,
} from '../terminal/operations.ts'
import type { Stamp } from '../terminal/stamp.ts'
import { isKeepable } from './keepable.ts'
import { type Asked, numberIn, sameKey } from './talk.ts'

/** A step of a scenario as it is written; keys in the order in which they are written. */
export type Written = Record<string, unknown>

/** The names that a recording gives to things. */
export type Names = {
  readonly cards: ReadonlyMap<string, string>
  readonly terminals: ReadonlyMap<string, string>
  /** Null: there is only one line for each terminal. */
  readonly lines: ReadonlyMap<string, string> | null
}

/** A request that was written, with the name by which later ones may refer to it. */
export type Earlier = { readonly asked: Asked; readonly name: string; referred: boolean }

const CARD_FIELDS: ReadonlySet<number> = new Set([2, 14, 35, 36, 45, 55, 62])
/** Elements that a player makes anew. */
const ANEW: ReadonlySet<number> = new Set([7, 11, 12, 13, 41, 42, 64, 90, 128])

/** How the card got into the till. */
function entryOf(fields: Fields): Entry {
  if (fields[45] !== undefined) return 'swipe-track1'
  if (fields[2] === undefined) return 'swipe'
  if (fields[62] !== undefined) return 'ecommerce'
  return fields[22]?.startsWith('03') === true ? 'barcode' : 'keyed'
}

/** A card of the recording, for as long as it takes to compare messages. */
const cardOf = ({ fields }: Message): DemoCard => ({
  number: fields[2] ?? '',
  track1: fields[45] ?? '',
  track2: fields[35] ?? '',
  barcode: fields[2] ?? '',
  ecode: fields[62] ?? '',
  issue: '',
  state: 'sold',
  balance: 0,
})

const terminalIn = ({ fields }: Message): DemoTerminal => ({
  terminal: (fields[41] ?? '').trimEnd(),
  store: (fields[42] ?? '').trimEnd(),
  confirmation: 'explicit',
  mac: 'none',
  key: '',
})

const stampOf = ({ fields }: Message): Stamp => ({
  transmission: fields[7] ?? '',
  trace: fields[11] ?? '',
  time: fields[12] ?? '',
  date: fields[13] ?? '',
})

const amountText = (field: string): string => (Number(field) / 100).toFixed(2)

/** The operation of a request, by MTI and the first two digits of DE3, or by DE70. */
function operationOf({ mti, fields }: Message): OperationName | null {
  const kind = originalMti(mti)
  const names = Object.keys(operations) as OperationName[]
  const found = names.find((name) => {
    const { mti: wanted, code, network } = operations[name]
    if (wanted !== kind) return false
    if (network !== null) return fields[70] === network
    return code === null || fields[3]?.slice(0, 2) === code.slice(0, 2)
  })
  return found ?? null
}

type Base = { readonly step: Written; readonly built: Message }

function newBase(request: Message): Base {
  const operation = operationOf(request)
  const entry = entryOf(request.fields)
  const hasCard = numberIn(request.fields) !== null || request.fields[55] !== undefined
  const card = hasCard ? cardOf(request) : null
  const terminal = terminalIn(request)
  if (operation === null) {
    const fields = { ...stampFields(terminal, stampOf(request)), ...(card !== null && cardFieldsOf(card, entry)) }
    return { step: { send: 'message', mti: request.mti }, built: { mti: request.mti, fields } }
  }
  const { amount: wanted } = operations[operation]
  const asked = wanted === 'none' ? undefined : request.fields[4]
  const currency = request.fields[49] ?? DEFAULT_CURRENCY
  const ask = { operation, card, entry, amount: asked === undefined ? null : Number(asked), currency, flags: null }
  return {
    step: {
      send: operation,
      ...(asked !== undefined && { amount: amountText(asked) }),
      ...(currency !== DEFAULT_CURRENCY && { currency }),
      ...(request.mti !== operations[operation].mti && { mti: request.mti }),
    },
    built: requestFor(ask, terminal, stampOf(request)),
  }
}

const HOW: Readonly<Record<string, FollowUp>> = Object.fromEntries(
  (Object.keys(followUps) as FollowUp[]).map((how) => [followUps[how].mti, how]),
)

const names90 = (value: string, { asked: { request } }: Earlier, terminal: string | undefined): boolean =>
  value.startsWith(`${originalMti(request.mti)}${request.fields[11] ?? ''}${request.fields[7] ?? ''}`) &&
  request.fields[41] === terminal

/** The base of the request: an earlier one that it repeats or names, else nothing. */
function baseOf(request: Message, before: readonly Earlier[]): Base {
  const same = before.findLast(({ asked }) => sameKey(asked.request, request))
  if (same !== undefined) {
    same.referred = true
    const plain = same.asked.request.mti === request.mti
    return {
      step: { repeat: same.name, ...(plain && { plain: true }) },
      built: repeatOf(same.asked.request, plain),
    }
  }
  const how = HOW[originalMti(request.mti)]
  const original = before.findLast((one) => names90(request.fields[90] ?? '', one, request.fields[41]))
  if (how === undefined || original === undefined) return newBase(request)
  original.referred = true
  const built = followUpOf(how, original.asked.request, terminalIn(request), stampOf(request))
  return { step: { [how]: original.name, ...(request.mti !== built.mti && { mti: request.mti }) }, built }
}

/** Where a value comes from that an earlier answer brought. */
function fromEarlier(de: number, value: string, before: readonly Earlier[]): string | null {
  if (de !== 37 && de !== 38) return null
  const found = before.findLast(({ asked }) => asked.answer?.fields[de] === value)
  if (found === undefined) return null
  found.referred = true
  return `$${found.name}.${de}`
}

type Differences = { readonly fields: Record<number, string>; readonly remove: number[]; readonly lost: number[] }

/** How the request differs from what would be made: set, removed, and lost because it may not be kept. */
function differences(request: Message, built: Message, before: readonly Earlier[]): Differences {
  const fields: Record<number, string> = {}
  const lost: number[] = []
  for (const [key, value] of Object.entries(request.fields)) {
    const de = Number(key)
    if (ANEW.has(de) || CARD_FIELDS.has(de) || de === 103 || built.fields[de] === value) continue
    const referred = fromEarlier(de, value, before)
    if (referred !== null) fields[de] = referred
    else if (isKeepable(de, value)) fields[de] = value
    else lost.push(de)
  }
  const missing = Object.keys(built.fields).map(Number)
  const remove = missing.filter((de) => request.fields[de] === undefined && de !== 64 && de !== 128)
  return { fields, remove, lost }
}

/** Mandatory elements that this request lacks: declared as left out, or the scenario would be refused. */
function lackingOf({ fields }: Message, { send }: Written): number[] {
  const operation = (Object.keys(operations) as OperationName[]).find((name) => name === send)
  if (operation === undefined) return []
  const { card, amount } = operations[operation]
  return [
    ...(amount === 'asked' && fields[4] === undefined ? [4] : []),
    ...(card && numberIn(fields) === null ? [35] : []),
    ...(operation === 'duplicate' && fields[103] === undefined ? [103] : []),
  ]
}

/** The expectation: the received code and reason, and the amount if it differs. */
function expectOf({ request, answer }: Asked, isRepeat: boolean): Record<string, string> | null {
  if (answer === null || isRepeat) return null
  const { 39: code = '', 44: reason, 4: amount } = answer.fields
  const kept = reason !== undefined && isKeepable(44, reason) ? reason.trimEnd() : undefined
  const other = amount !== undefined && amount !== request.fields[4]
  if (code === '00' && kept === undefined && !other) return null
  return {
    39: code,
    ...(kept !== undefined && { 44: kept }),
    ...(other && { 4: amountText(amount) }),
  }
}

export type StepWritten = { readonly step: Written; readonly lost: readonly number[] }

/** One request as a step. `earlier`: those before it, which learn that they are referred to. */
export function stepOf(
  asked: Asked,
  names: Names,
  earlier: readonly Earlier[],
  silence: 'unread' | 'none',
): StepWritten {
  const { request, answer } = asked
  const { step, built } = baseOf(request, earlier)
  const number = numberIn(request.fields)
  const inRepeat = 'repeat' in step
  const card = number === null || inRepeat ? undefined : names.cards.get(number)
  const entry = entryOf(request.fields)
  const onto = request.fields[103] === undefined ? undefined : names.cards.get(request.fields[103])
  const { fields, remove, lost } = differences(request, built, earlier)
  const left = [...new Set([...remove, ...lackingOf(request, step)])]
  const mode = request.fields[22]
  if (card !== undefined && mode !== undefined && mode !== entries[entry]) fields[22] = mode
  const expect = expectOf(asked, inRepeat)
  return {
    lost,
    step: {
      ...step,
      terminal: names.terminals.get((request.fields[41] ?? '').trimEnd()),
      ...(names.lines !== null && { line: names.lines.get(asked.line) }),
      ...(card !== undefined && { card }),
      ...(card !== undefined && entry !== 'swipe' && { entry }),
      ...(onto !== undefined && !inRepeat && { onto }),
      ...(Object.keys(fields).length > 0 && { fields }),
      ...(left.length > 0 && { remove: left }),
      ...(answer === null ? { expect: silence } : expect !== null && { expect }),
    },
  }
}

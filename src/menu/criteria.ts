import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { CardCriteria } from '../office/card-lists.ts'
import { dayEnd, dayStart } from '../office/day-bounds.ts'
import { handleNamed, hashesOf } from '../office/presenting.ts'
import { isRefused, type Refused } from '../office/refusal.ts'
import { resultsOfCodes } from '../office/result-codes.ts'
import { idsOfApproval, type TransactionCriteria } from '../office/transaction-lists.ts'
import type { Query } from './api.ts'
import type { Call } from './call.ts'

/* Queries of lists as criteria of use cases: days become instants of the installation's zone, handles become hashes. */

type Asker = Pick<Call<'cards.list'>, 'office' | 'session'>

const words = (list: string | undefined): string[] | undefined => list?.split(',').filter((word) => word !== '')
const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never

async function numberOf({ office, session }: Asker, handle: string | undefined) {
  if (handle === undefined || session === null) return {}
  const found = await handleNamed(office, session, handle)
  if (isRefused(found)) return found
  return found.kind === 'number' ? { hashes: hashesOf(found) } : { ecodeHash: found.hash }
}

export async function cardCriteria(call: Asker, query: Query<'cards.count'>): Promise<CardCriteria | Refused> {
  const zone = call.office.timeZone
  const from = (day: string | undefined) => (day === undefined ? undefined : dayStart(day, zone))
  const until = (day: string | undefined) => (day === undefined ? undefined : dayEnd(day, zone))
  const number = await numberOf(call, query.number)
  if (isRefused(number)) return number
  return defined({
    ...number,
    firstSix: query.firstSix,
    lastFour: query.lastFour,
    serialFrom: query.serialFrom,
    serialTo: query.serialTo,
    issues: words(query.issue),
    pack: query.pack,
    recipient: query.recipient,
    states: words(query.state),
    blocks: words(query.block),
    balanceFrom: query.balanceFrom,
    balanceTo: query.balanceTo,
    soldFrom: from(query.soldFrom),
    soldUntil: until(query.soldTo),
    soldIn: query.soldIn,
    usedFrom: from(query.usedFrom),
    usedUntil: until(query.usedTo),
    validFrom: query.validFrom,
    validTo: query.validTo,
    suspected: query.suspected,
  }) as CardCriteria
}

export async function transactionCriteria(
  call: Asker,
  query: Query<'transactions.count'>,
): Promise<TransactionCriteria | Refused> {
  const number = await numberOf(call, query.number)
  if (isRefused(number)) return number
  const { approvalCode } = query
  return defined({
    ...number,
    ids: approvalCode === undefined ? undefined : idsOfApproval(call.office, approvalCode),
    card: query.card === undefined ? undefined : Number(query.card),
    firstSix: query.firstSix,
    lastFour: query.lastFour,
    from: query.from === undefined ? undefined : Date.parse(query.from),
    until: query.to === undefined ? undefined : Date.parse(query.to),
    day: query.day,
    stores: words(query.store),
    terminal: query.terminal,
    issues: words(query.issue),
    operations: words(query.operation),
    results: query.response === undefined ? undefined : resultsOfCodes(words(query.response) ?? []),
    states: words(query.state),
    amountFrom: query.amountFrom,
    amountTo: query.amountTo,
    entryModes: words(query.entryMode),
    reference: query.reference,
    stan: query.stan,
    original: query.original === undefined ? undefined : Number(query.original),
    who: query.who,
    channels: words(query.channel),
    hasCase: query.hasCase,
  }) as TransactionCriteria
}

/** The query of a list's URL, as the list itself would read it; null: it is none. */
export function queryOfUrl<Read>(schema: TSchema, text: string): Read | null {
  const given = Object.fromEntries(new URLSearchParams(text))
  const value: unknown = Value.Convert(schema, given)
  return Value.Check(schema, value) ? (value as Read) : null
}

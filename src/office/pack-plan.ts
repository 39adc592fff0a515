import { type Cover, countOf, coverOf, type Serials, serialsText } from '../cards/serials.ts'
import type { NumberHashes } from '../core/request.ts'
import type { WorkerConnection } from '../db/connection.ts'
import {
  countUnfit,
  selectSerials,
  selectUnfit,
  type SerialOf,
  toSerialOf,
  toUnfit,
  type Unfit,
} from '../db/sql/pack-cards.ts'
import { selectIssueForPacks } from '../db/sql/pack-rows.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/** Cards selected for a pack, each with its origin: `cards.csv:7`, `serials 1-9`. A number may be an EAN-13. */
export type SelectedCards =
  | { readonly by: 'serials'; readonly where: string; readonly serials: Serials }
  | { readonly by: 'number'; readonly where: string; readonly number: NumberHashes; readonly shown: string }
  | { readonly by: 'numbers'; readonly where: string; readonly from: NumberHashes; readonly to: NumberHashes }

/** `overlap` and `gap` may be meant; with anything else the pack cannot be. */
export const FINDINGS = ['unknown', 'other_issue', 'backwards', 'not_made', 'taken', 'unfit', 'overlap', 'gap'] as const
export type Finding = (typeof FINDINGS)[number]

/** Findings by kind: number of cards, the first few in words, and whether there are more. */
export type Findings = ReadonlyMap<
  Finding,
  { readonly count: number; readonly first: readonly string[]; readonly more: boolean }
>

export type PackPlan = {
  readonly issueId: number
  readonly ranges: readonly Serials[]
  readonly cards: number
  readonly findings: Findings
}

/** How many of a kind are named one by one; the rest is a number. */
const NAMED = 20
/** The CHECK packs_cards. */
const MOST_CARDS = 100_000
/** Ranges, or numbers, in one statement. */
const CHUNK = 500

/** Says what a pack would be and everything that is wrong with it, without writing anything. */
export async function planOf(
  connection: WorkerConnection,
  issueCode: string,
  wanted: readonly SelectedCards[],
): Promise<PackPlan | Refused> {
  const issue = await issueFor(connection, issueCode)
  if (isRefused(issue)) return issue
  const found = new Map<Finding, { count: number; first: string[]; more: boolean }>()
  const note = (finding: Finding, text: string, count = 1): void => {
    const sofar = found.get(finding) ?? { count: 0, first: [], more: false }
    sofar.count += count
    if (sofar.first.length < NAMED) sofar.first.push(text)
    else sofar.more = true
    found.set(finding, sofar)
  }

  const serials = await resolve(connection, issue, wanted, note)
  const cover: Cover = coverOf(serials)
  const cards = countOf(cover.ranges)
  if (cards > MOST_CARDS) return refused('pack_too_large', { cards, most: MOST_CARDS })
  for (const range of cover.overlaps) note('overlap', `serial ${serialsText(range)} more than once`, countOf([range]))
  for (const range of cover.gaps) note('gap', `serial ${serialsText(range)} left out`, countOf([range]))
  for (const range of beyond(cover.ranges, issue.cards)) {
    note('not_made', `serial ${serialsText(range)}: the issue ends at ${issue.cards}`, countOf([range]))
  }
  await findUnfit(connection, issue.id, cover.ranges, note)
  return { issueId: issue.id, ranges: cover.ranges, cards, findings: found }
}

type IssueForPacks = { readonly id: number; readonly code: string; readonly cards: number }

async function issueFor(connection: WorkerConnection, code: string): Promise<IssueForPacks | Refused> {
  const [[row] = []] = await connection.send(selectIssueForPacks(code))
  if (row === undefined) return refused('no_such_issue', { issue: code })
  const [id, state, packs, cards] = row as [number, string, number, number]
  if (packs === 0) return refused('issue_without_packs', { issue: code })
  if (state === 'draft') return refused('issue_not_made', { issue: code })
  if (state === 'closed') return refused('issue_closed', { issue: code })
  return { id, code, cards }
}

type Note = (finding: Finding, text: string, count?: number) => void

/** Resolves the selection to serials of the issue; cards that are not of the issue are noted. */
async function resolve(
  connection: WorkerConnection,
  issue: IssueForPacks,
  wanted: readonly SelectedCards[],
  note: Note,
): Promise<Serials[]> {
  const numbers = wanted.flatMap((one) =>
    one.by === 'serials' ? [] : one.by === 'number' ? [one.number] : [one.from, one.to],
  )
  const known = await serialsOf(connection, numbers)
  const serialOf = (number: NumberHashes, where: string, shown: string): number | null => {
    const card = known.get(number.numberHash)
    if (card === undefined) note('unknown', `${where}: no card has the number ${shown}`)
    else if (card.issueId !== issue.id) note('other_issue', `${where}: ${shown} is not a card of issue ${issue.code}`)
    else return card.serial
    return null
  }

  return wanted.flatMap((one) => {
    if (one.by === 'serials') return [one.serials]
    if (one.by === 'number') {
      const serial = serialOf(one.number, one.where, one.shown)
      return serial === null ? [] : [{ first: serial, last: serial }]
    }
    const first = serialOf(one.from, one.where, 'at its begin')
    const last = serialOf(one.to, one.where, 'at its end')
    if (first === null || last === null) return []
    if (first <= last) return [{ first, last }]
    note('backwards', `${one.where}: its first card has serial ${first}, its last one ${last}`)
    return []
  })
}

/** By `numberHash` of the selected number. */
export async function serialsOf(
  connection: WorkerConnection,
  numbers: readonly NumberHashes[],
): Promise<ReadonlyMap<string, SerialOf>> {
  const cards = new Map<string, SerialOf>()
  for (let i = 0; i < numbers.length; i += CHUNK) {
    const chunk = numbers.slice(i, i + CHUNK)
    const [rows = []] = await connection.send(selectSerials(chunk.flatMap(hashesOf)))
    const byHash = new Map(rows.map(toSerialOf).map((card) => [card.hash, card]))
    for (const number of chunk) {
      const card = byHash.get(number.numberHash) ?? byHash.get(number.otherHash ?? '')
      if (card !== undefined) cards.set(number.numberHash, card)
    }
  }
  return cards
}

const hashesOf = ({ numberHash, otherHash }: NumberHashes): string[] =>
  otherHash === null ? [numberHash] : [numberHash, otherHash]

/** The parts of the ranges outside the issue's serials. */
const beyond = (ranges: readonly Serials[], last: number): Serials[] =>
  ranges
    .filter((range) => range.last > last)
    .map((range) => ({ first: Math.max(range.first, last + 1), last: range.last }))

async function findUnfit(
  connection: WorkerConnection,
  issueId: number,
  ranges: readonly Serials[],
  note: Note,
): Promise<void> {
  for (let i = 0; i < ranges.length; i += CHUNK) {
    const chunk = ranges.slice(i, i + CHUNK)
    const [rows = []] = await connection.send(selectUnfit(issueId, chunk, NAMED))
    for (const card of rows.map(toUnfit)) note(isTaken(card) ? 'taken' : 'unfit', whyUnfit(card))
    if (rows.length < NAMED) continue
    const [[count] = []] = await connection.send(countUnfit(issueId, chunk))
    const rest = Number(count?.[0]) - rows.length
    if (rest > 0) note('unfit', 'and others', rest)
  }
}

const isTaken = ({ packId, state, block }: Unfit): boolean =>
  packId !== null && block === null && (state === 'inactive' || state === 'sellable')

const whyUnfit = (card: Unfit): string =>
  isTaken(card)
    ? `serial ${card.serial} is in pack ${card.packId}`
    : `serial ${card.serial} is ${card.block === null ? card.state : `blocked (${card.block})`}`

/** Ranges in pieces that fit a statement. */
export function chunksOf(ranges: readonly Serials[]): readonly (readonly Serials[])[] {
  return Array.from({ length: Math.ceil(ranges.length / CHUNK) }, (_, i) => ranges.slice(i * CHUNK, (i + 1) * CHUNK))
}

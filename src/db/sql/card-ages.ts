import { type HeldAt, held, joinHeld } from './card-days.ts'
import { text } from './literal.ts'
import { type AgeBy, SINCE } from './month-ends.ts'
import { type DaysAfter, lastMoveOf, list, sidesOf, sidesOfCards, waitingAt } from './report-queries.ts'
import type { Row } from './row.ts'

/** The balances of cards at the end of a day by age, computed from the last month's end and the kept days since. */
type AgedAt = HeldAt & {
  readonly asOf: string
  readonly ageBy: AgeBy
  readonly issues: readonly number[] | null
}

/** A sum of cards that are of one issue, one store of sale and one age. */
export type AgedSum = {
  readonly issueId: number
  readonly soldIn: string
  readonly age: string
  readonly ledger: number
  readonly unconfirmed: number
  readonly cards: number
}

export const AGE_BOUNDS = [30, 90, 180, 365, 730] as const

/** The age as SQL: of the days since (by validity: until) a date; empty where there is none. */
function ageSql(since: string, { asOf, ageBy }: Pick<AgedAt, 'asOf' | 'ageBy'>): string {
  // Days as constants: the difference of two days, worked out for each row and bound, was most of a report's time.
  const dayAt = (days: number): string =>
    `DATE${text(new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10))}`
  const steps = AGE_BOUNDS.map(
    (most) => `WHEN ${since} ${ageBy === 'validity' ? `<= ${dayAt(most)}` : `>= ${dayAt(-most)}`} THEN '≤${most}'`,
  ).join(' ')
  return `CASE WHEN ${since} IS NULL THEN '' ${steps} ELSE '>730' END`
}

const ofIssues = (column: string, { issues }: Pick<AgedAt, 'issues'>): string =>
  issues === null ? 'TRUE' : `${column} IN (${list(issues)})`

/** The sums of the month's end. */
export const selectKeptSums = (at: AgedAt): string =>
  `SELECT issue_id, sold_in, ${ageSql("NULLIF(since, '1000-01-01')", at)} AS age, CAST(SUM(ledger) AS SIGNED), 0, CAST(SUM(cards) AS SIGNED)
   FROM report_month_sums WHERE ${at.base === null ? 'FALSE' : `month_end = ${text(at.base)}`} AND age_by = '${at.ageBy}'
     AND ${ofIssues('issue_id', at)} GROUP BY issue_id, sold_in, age`

/**
 * What the days since that are kept changed of them: each card that moved as it was (minus), and as it was after. A statement for
 * each, since the two together would be a table of all their rows first.
 */
export function selectDaySums(at: AgedAt): [string, string] {
  const { base, until } = at
  const of = SINCE[at.ageBy]
  const changed = (isNow: boolean): string => {
    const [was, sign] = isNow ? ['', ''] : ['was_', '-']
    const from = of === 'moved_on' && isNow ? 'day' : `${was}${of}`
    return `SELECT issue_id, ${was}sold_in, ${ageSql(from, at)} AS aged, CAST(${sign}SUM(${was}ledger) AS SIGNED), 0, ${sign}COUNT(*)
      FROM report_card_days WHERE ${base === null ? '' : `day > ${text(base)} AND`} ${until === null ? 'FALSE' : `day <= ${text(until)}`}
        AND ${was}ledger <> 0 AND ${ofIssues('issue_id', at)} GROUP BY issue_id, ${was}sold_in, aged`
  }
  return [changed(true), changed(false)]
}

/** The days between what is kept and the day. */
const since = ({ asOf, base, until }: Pick<AgedAt, 'asOf' | 'base' | 'until'>): DaysAfter => ({
  after: until ?? base,
  until: asOf,
})

/**
 * Cards that moved since: as they were (minus), and as they are. Without these ones. Of those that were sold again after the
 * day (the last column) what they are has to be told card by card.
 */
export function selectMovedSums(at: AgedAt, but: readonly number[]): string {
  const now = { sold_on: 'x.sold_on', moved_on: 'a.day', valid_until: 'c.valid_until' }[SINCE[at.ageBy]]
  const was = held('ledger')
  const ledger = `(COALESCE(${was}, 0) + a.amount)`
  return `SELECT c.issue_id, IF(k.is_now, COALESCE(x.sold_in, ''), ${held('sold_in')}) AS store,
     ${ageSql(`IF(k.is_now, ${now}, ${held(SINCE[at.ageBy])})`, at)} AS aged,
     CAST(SUM(IF(k.is_now, ${ledger}, -${was})) AS SIGNED), 0, CAST(SUM(IF(k.is_now, ${ledger} <> 0, -(${was} <> 0))) AS SIGNED),
     k.is_now AND COALESCE(x.sold_on > ${text(at.asOf)}, FALSE) AS sold_later
   FROM (${sidesOf(since(at))}) AS a JOIN cards c ON c.id = a.account LEFT JOIN report_sales x ON x.card_id = a.account
   ${joinHeld('a.account', at)} JOIN (SELECT 1 AS is_now UNION ALL SELECT 0) AS k ON k.is_now OR ${was} IS NOT NULL
   WHERE ${ofIssues('c.issue_id', at)} ${but.length === 0 ? '' : `AND a.account NOT IN (${list(but)})`}
   GROUP BY c.issue_id, store, aged, sold_later`
}

/** Those of them that were sold again after the day. */
export const selectSoldLater = (at: AgedAt, but: readonly number[]): string =>
  `SELECT a.account FROM (${sidesOf(since(at))}) AS a JOIN report_sales x ON x.card_id = a.account
   WHERE x.sold_on > ${text(at.asOf)} ${but.length === 0 ? '' : `AND a.account NOT IN (${list(but)})`}`

/** A month's end keeps no card without money, and one whose load waits may be such a card: its own history says when it moved. */
const movedOn = (account: string, { asOf }: Pick<AgedAt, 'asOf'>): string =>
  `COALESCE(a.day, ${held('moved_on')}, NULLIF(${lastMoveOf(account, asOf)}, '1000-01-01'))`

/** Cards in whose favour something waits for its confirmation, then or now. */
const waitingCards = ({ asOf }: Pick<AgedAt, 'asOf'>, isNow: boolean): string =>
  isNow
    ? `SELECT DISTINCT o.credit_account AS account, 0 AS amount FROM transactions o WHERE o.confirm_by IS NOT NULL AND o.credit_account > 1000000`
    : waitingAt(asOf)
const unconfirmed = (isNow: boolean): string => (isNow ? 'c.ledger - c.available' : 'COALESCE(w.amount, 0)')

/**
 * What waits for its confirmation in favour of cards. Without these ones. Of those that were sold again after the day (the last
 * column) it has to be told card by card.
 */
export function selectWaiting(at: AgedAt, isNow: boolean, but: readonly number[]): string {
  const waiting = waitingCards(at, isNow)
  const dates = { sold_on: 'x.sold_on', moved_on: movedOn('w.account', at), valid_until: 'c.valid_until' }[
    SINCE[at.ageBy]
  ]
  const moves =
    at.ageBy !== 'activity'
      ? ''
      : `LEFT JOIN (${sidesOf(since(at))}) AS a ON a.account = w.account ${joinHeld('w.account', at)}`
  return `SELECT c.issue_id, COALESCE(x.sold_in, ''), ${ageSql(dates, at)} AS age, 0,
     CAST(SUM(${unconfirmed(isNow)}) AS SIGNED), 0, COALESCE(x.sold_on > ${text(at.asOf)}, FALSE)
   FROM (${waiting}) AS w JOIN cards c ON c.id = w.account LEFT JOIN report_sales x ON x.card_id = w.account ${moves}
   WHERE ${ofIssues('c.issue_id', at)} ${but.length === 0 ? '' : `AND c.id NOT IN (${list(but)})`} GROUP BY 1, 2, 3, 7`
}

/** Those of them that were sold again after the day. */
export const selectWaitingSoldLater = (at: AgedAt, isNow: boolean, but: readonly number[]): string =>
  `SELECT w.account FROM (${waitingCards(at, isNow)}) AS w JOIN report_sales x ON x.card_id = w.account
   WHERE x.sold_on > ${text(at.asOf)} ${but.length === 0 ? '' : `AND w.account NOT IN (${list(but)})`}`

export function toAgedSum(row: Row): AgedSum {
  const [issueId, soldIn, age, ledger, unconfirmed, cards] = row as [number, string, string, number, number, number]
  return { issueId, soldIn, age, ledger: Number(ledger), unconfirmed: Number(unconfirmed), cards: Number(cards) }
}

type Held = {
  readonly soldIn: string
  readonly soldOn: string | null
  readonly validUntil: string | null
  readonly movedOn: string | null
  readonly ledger: number
}

/** A card at the end of a day, and as the sums of what is kept have it (null: not among them). Folded transfers only. */
export type CardAt = Held & {
  readonly cardId: number
  readonly issueId: number
  readonly unconfirmed: number
  readonly before: Held | null
}

export const selectCardsAt = (at: AgedAt, isNow: boolean, cards: readonly number[]): string =>
  `SELECT c.id, c.issue_id, COALESCE(x.sold_in, ''), x.sold_on, c.valid_until, ${movedOn('c.id', at)},
     COALESCE(${held('ledger')}, 0) + COALESCE(a.amount, 0), ${unconfirmed(isNow)}, ${held('sold_in')}, ${held('sold_on')},
     ${held('valid_until')}, ${held('moved_on')}, ${held('ledger')}
   FROM cards c LEFT JOIN report_sales x ON x.card_id = c.id ${joinHeld('c.id', at)}
   LEFT JOIN (${waitingCards(at, isNow)}) AS w ON w.account = c.id
   LEFT JOIN (${sidesOfCards(cards, since(at))}) AS a ON a.account = c.id
   WHERE c.id IN (${list(cards)}) AND ${ofIssues('c.issue_id', at)}`

export function toCardAt(row: Row): CardAt {
  const [cardId, issueId, soldIn, soldOn, validUntil, movedOn, ledger, waiting, ...kept] = row as [
    number, number, string, string | null, string | null, string | null, number, number, ...unknown[],
  ] // prettier-ignore
  const [oldSoldIn, oldSoldOn, oldValidUntil, oldMovedOn, oldLedger] = kept as [
    string | null, string | null, string | null, string | null, number | null,
  ] // prettier-ignore
  const before =
    oldLedger === null || oldSoldIn === null
      ? null
      : { soldIn: oldSoldIn, soldOn: oldSoldOn, validUntil: oldValidUntil, movedOn: oldMovedOn, ledger: oldLedger }
  return {
    cardId,
    issueId,
    soldIn,
    soldOn,
    validUntil,
    movedOn,
    ledger: Number(ledger),
    unconfirmed: Number(waiting),
    before,
  }
}

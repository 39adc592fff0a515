/** Checks rows of an employer's list against employees, cards and limits. */

import { type Changes, execute, noChanges } from '../../core/apply.ts'
import { ownRequest } from '../../core/own-request.ts'
import { stageKey } from '../../core/key.ts'
import type { Result } from '../../core/result.ts'
import type { State } from '../../core/state.ts'
import type { StagedBatch } from '../../core/staged-load.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import type { Employee } from '../../db/sql/employees.ts'
import type { CheckedCard } from '../../db/sql/welfare-cards.ts'
import type { WelfareRow } from '../../db/sql/welfare-rows.ts'
import { TEXTS } from '../../messages/texts.ts'
import { dateIn } from '../clock.ts'
import { stateWithoutHistory } from '../../core/state-without-history.ts'
import type { CheckRun } from './check-run.ts'
import { cardFindings, type FoundCard } from './check-card.ts'
import { amountWords, listFindings } from './check-list.ts'
import { readContext, type CheckContext, type CheckOffice } from './check-ground.ts'
import { type Finding, type FindingCode, isStop } from './findings.ts'
import { loadAsk } from './load-ask.ts'
import { betweenStretches, stretchesOf } from './pace.ts'
import type { ParsedRow } from './parse-row.ts'

export type CheckedRow = { readonly row: WelfareRow; readonly findings: readonly Finding[] }

/**
 * Checks a lot of rows: the employee and the card of each, and, by the engine's own code, whether the card takes the
 * load as if the rows before it were booked.
 */
export async function checkRows(
  office: CheckOffice,
  connection: WorkerConnection,
  run: CheckRun,
  rows: readonly ParsedRow[],
): Promise<CheckedRow[]> {
  const context = await readContext(office, connection, run, rows)
  const judging = judgingFor(context, run)
  const checked: CheckedRow[] = []
  const isOver = stretchesOf(AT_A_STRETCH, office.traffic)
  await betweenStretches(office.traffic)
  for (const parsed of rows) {
    checked.push(checkRow(office, run, context, judging, parsed))
    if (isOver()) await betweenStretches(office.traffic)
  }
  return checked
}

/** Rows between two turns of the event loop, 1 ms. */
const AT_A_STRETCH = 25

function checkRow(
  office: CheckOffice,
  run: CheckRun,
  context: CheckContext,
  judging: Judging,
  parsed: ParsedRow,
): CheckedRow {
  const findings: Finding[] = [...parsed.faults]
  const employee = parsed.number === '' ? null : (context.employees.get(parsed.number) ?? null)
  const find = (field: string, code: FindingCode, value: string, details: Finding['details'] = {}): void => {
    findings.push({ line: parsed.line, field, code, value: value.slice(0, 100), details })
  }
  if (parsed.number !== '' && employee === null) {
    find('employee', 'employee_unknown', parsed.number, { employer: run.employer.code, number: parsed.number })
  }
  if (employee?.state === 'left') find('employee', 'employee_left', parsed.number, { number: parsed.number })
  if (employee !== null && parsed.name !== '' && !isSameName(parsed.name, employee.name)) {
    find('name', 'name_differs', parsed.name, { number: parsed.number, name: employee.name })
  }
  const card = cardFindings(run.employer, context, parsed, employee, find)
  if (card?.isOwn === true && card.issueCurrency !== run.employer.currency) {
    find('card', 'card_of_another_currency', card.found.shown)
  } else if (card?.isOwn === true && !isSoldBefore(run, parsed, employee, card, find)) {
    judge(office, run, judging, parsed, card, find)
  }
  if (parsed.amount === 0) find('amount', 'amount_zero', parsed.amountShown)
  listFindings(run, context, parsed, employee, find)
  const row = { ...parsed, employeeId: employee?.id ?? null, cardId: card?.found.id ?? null }
  return { row, findings }
}

const words = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll(/[łŁ]/gu, 'l').toLowerCase().split(/[\s,.-]+/u).filter(Boolean).sort().join(' ') // prettier-ignore
const isSameName = (a: string, b: string): boolean => a === b || words(a) === words(b)

type Find = (field: string, code: FindingCode, value: string, details?: Finding['details']) => void

/** A new card is sold to one employee: another row may load it, but not sell it to another employee. */
function isSoldBefore(
  { sold }: CheckRun,
  { line, sell }: ParsedRow,
  employee: Employee | null,
  { found }: FoundCard,
  find: Find,
): boolean {
  if (!sell || employee === null) return false
  const before = sold.get(found.id)
  if (before === undefined) sold.set(found.id, { line, employeeId: employee.id })
  if (before === undefined || before.employeeId === employee.id) return false
  find('card', 'card_twice_in_list', found.shown, { row: before.line })
  return true
}

/** If a row has no amount, its card is still checked, with the smallest amount that can be loaded. */
const LEAST = 1

/** The input of the engine's rules. One for each lot, because a new one for each row would be most of the garbage of a check. */
type Judging = { readonly state: State; readonly changes: Changes }

const judgingFor = ({ issues, packs }: CheckContext, run: CheckRun): Judging => ({
  state: stateWithoutHistory(issues, [], packs, new Map([[run.batchId, batchOf(run)]])),
  changes: noChanges(),
})

/** Checks by the engine's rules whether the load could be staged on the card in its present state; changes nothing. */
function judge(
  { timeZone }: CheckOffice,
  run: CheckRun,
  { state, changes }: Judging,
  parsed: ParsedRow,
  card: FoundCard,
  find: Find,
) {
  const { found } = card
  const counted = parsed.amount !== null && parsed.amount > 0
  const before = run.given.get(found.id) ?? 0
  const amount = counted ? parsed.amount : LEAST
  const asItIs = before === 0 ? found.card : { ...found.card, staged: found.card.staged + before }
  state.cards.clear()
  state.cardsByHash.clear()
  state.cards.set(found.id, asItIs)
  state.cardsByHash.set(found.numberHash, asItIs)
  const at = run.at
  const { result } = execute(state, changes, requestOf(run, parsed, found, amount, dateIn(timeZone, at)))
  if (result === 'approved') {
    if (counted) run.given.set(found.id, before + amount)
    return
  }
  const [field, code] = FINDING_OF[result] ?? (['card', 'card_declined'] as const)
  const most = state.issues.get(found.issueId)?.maximumBalance ?? 0
  const value = field === 'amount' ? parsed.amountShown : found.shown
  const why = TEXTS[result] ?? { en: result, pl: result }
  find(field, code, value, code === 'card_over_maximum' ? { most: amountWords(most, run.employer.currency) } : { why })
}

const FINDING_OF: Readonly<Partial<Record<Result, readonly ['card' | 'amount' | 'sell', FindingCode]>>> = {
  card_lost: ['card', 'card_blocked'],
  card_stolen: ['card', 'card_blocked'],
  card_blocked: ['card', 'card_blocked'],
  card_expired: ['card', 'card_expired'],
  card_unsold: ['card', 'card_not_sold'],
  card_sold: ['sell', 'card_sold'],
  pack_inactive: ['sell', 'card_not_for_sale'],
  exceeds_maximum_balance: ['amount', 'card_over_maximum'],
}

const batchOf = ({ batchId, account }: CheckRun): StagedBatch => ({
  id: batchId,
  operation: 'welfare_load',
  account,
  state: 'staging',
  booked: null,
})

const requestOf = (run: CheckRun, { line, sell }: ParsedRow, card: CheckedCard, amount: number, day: string) =>
  ownRequest({
    id: Number.MAX_SAFE_INTEGER,
    spareId: Number.MAX_SAFE_INTEGER - 1,
    key: stageKey(run.batchId, line),
    by: 'office',
    requester: { channel: 'job', who: 'welfare' },
    at: run.at,
    day,
    processingCode: '',
    amount,
    currency: run.employer.currency,
    trace: '',
    ask: {
      act: 'stage',
      batchId: run.batchId,
      line,
      load: loadAsk(card, amount, run.employer.currency, sell),
      dry: true,
    },
  })

export const hasStop = (findings: readonly Finding[]): boolean => findings.some(isStop)

import { bookedFor } from '../../../src/db/sql/staged.ts'
import type { Office } from '../../../src/office/office.ts'
import { runReport } from '../../../src/office/reports/reports.ts'
import { employerStatement } from '../../../src/office/welfare/report.ts'
import { ok } from '../test-office.ts'
import { type Company, sum } from './history-company.ts'
import { OLA } from './welfare-setting.ts'

/** The expected books after each step of a history (`history.ts`). */

export class Finding extends Error {}
export const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Finding(what)
}
export const same = (found: unknown, wanted: unknown, what: string): void =>
  must(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`) // prettier-ignore

export async function mustShow({ world, members }: Company, when: string): Promise<void> {
  const inOrder = members.toSorted((a, b) => a.card.id - b.card.id)
  same(
    await world.balances(inOrder.map(({ card }) => card)),
    inOrder.map((member) => member.balance()),
    `balances ${when}`,
  )
}

const PERIOD = { from: '2020-01-01', to: '2099-12-31' }

const STEPS = ['sold', 'toppedUp', 'refunded', 'packSales', 'welfare', 'recalled', 'paid', 'cashedOut', 'expired', 'adjusted'] as const // prettier-ignore
type Rolled = { readonly [Step in (typeof STEPS)[number] | 'opening' | 'closing']: number }

/** Over all issues and cards. */
async function rollForward(office: Office, period: { readonly from: string; readonly to: string }): Promise<Rolled> {
  const { rows } = await ok(runReport(office, OLA, 'roll-forward', period))
  const of = (name: string): [string, number] => [name, sum(rows.map((row) => Number(row[name])))]
  return Object.fromEntries(['opening', ...STEPS, 'closing'].map(of)) as Rolled
}

/** It adds up on these days, each step is what the histories have done on them, and its end is what is on all cards. */
export async function mustRollForward(
  { world, times }: Company,
  office: Office,
  days: readonly string[],
): Promise<void> {
  for (const day of days) {
    const rolled = await rollForward(office, { from: day, to: day })
    same(sum([rolled.opening, ...STEPS.map((step) => rolled[step])]), rolled.closing, `the sum of the roll-forward of ${day}`) // prettier-ignore
    const { welfare = 0, recalled = 0, paid = 0, expired = 0 } = times.days.get(day) ?? {}
    same(
      [rolled.welfare, rolled.recalled, rolled.paid, rolled.expired],
      [welfare, 0 - recalled, 0 - paid, 0 - expired],
      `welfare, recalled, paid and expired of ${day}`,
    )
  }
  const [cards] = await world.rows(`SELECT SUM(c.ledger + ${bookedFor('c.id')}) AS shown FROM cards c`)
  const { closing } = await rollForward(office, PERIOD)
  same(closing, Number(cards?.['shown']), 'the closing of the roll-forward')
}

/** Balances, the employer's statement and the counterparty's balance are the model's. */
export async function mustAgree(company: Company, office: Office): Promise<void> {
  await mustShow(company, 'after it')
  const { code, members } = company
  const statement = await ok(employerStatement(office, OLA, { employer: code, ...PERIOD }))
  const said = new Map(statement.rows.map(({ number, ...row }) => [number, row]))
  for (const { number, loaded, recalled } of members) {
    const row = said.get(number)
    same([row?.loaded ?? 0, row?.recalled ?? 0], [loaded, recalled], `the statement of ${number}`)
  }
  const unspent = sum(members.flatMap((member) => member.unspent(null)))
  same(sum(statement.rows.map((row) => row.unspent)), unspent, 'what is unspent by the statement')
  const report = await ok(runReport(office, OLA, 'counterparties', { ...PERIOD, stores: [code] }))
  const welfare = await ok(runReport(office, OLA, 'welfare', { ...PERIOD, stores: [code] }))
  const [total] = welfare.totals
  same(
    [Number(total?.['loaded'] ?? 0), Number(total?.['recalled'] ?? 0)],
    [sum(members.map(({ loaded }) => loaded)), 0 - sum(members.map(({ recalled }) => recalled))],
    'the report of welfare',
  )
  const owed = sum(members.map(({ loaded, recalled }) => loaded - recalled))
  same(sum(report.rows.map((row) => Number(row['balance']))), owed, 'what the employer owes')
}

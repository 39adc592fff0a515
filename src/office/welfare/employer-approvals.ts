import { openAccount } from '../../db/accounts.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { type EmployerSettings, lockEmployer, selectEmployer, setEmployer, toEmployer } from '../../db/sql/employers.ts'
import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { decideProposal, propose, type ProposalRow } from '../proposals.ts'
import { refused, type Refused } from '../refusal.ts'
import { wantsSecond } from '../shop-approvals.ts'

/** A change that allows more than before needs a second person, an accountant (docs/spec/abuse.md, 2). */

/** Settings that stop a batch: before and after. */
export type EmployerChange = {
  readonly code: string
  readonly currency: number
  readonly before: Relaxable
  readonly after: Relaxable
}
type Relaxable = Pick<EmployerSettings, 'yearlyLimit' | 'paidFirst'>

/** A change in two parts: `now` takes effect at once, `rest` waits for approval; null: nothing waits. */
export type EmployerParts = { readonly now: EmployerSettings; readonly rest: EmployerChange | null }

/** `before`: for a new employer the yearly limit of the tax act's example, and no payment in advance. */
export async function partsOfEmployer(
  connection: WorkerConnection,
  office: Office,
  before: Relaxable,
  input: EmployerSettings,
): Promise<EmployerParts> {
  const isHigher = input.yearlyLimit > before.yearlyLimit
  const isUnpaid = before.paidFirst && !input.paidFirst
  if (!isHigher && !isUnpaid) return { now: input, rest: null }
  if (!(await wantsSecond(connection, office, 'employer_alone', input.code))) return { now: input, rest: null }
  const now = {
    ...input,
    yearlyLimit: isHigher ? before.yearlyLimit : input.yearlyLimit,
    paidFirst: isUnpaid ? before.paidFirst : input.paidFirst,
  }
  const { code, currency, yearlyLimit, paidFirst } = input
  return { now, rest: { code, currency, before: relaxableOf(now), after: { yearlyLimit, paidFirst } } }
}

const relaxableOf = ({ yearlyLimit, paidFirst }: Relaxable): Relaxable => ({ yearlyLimit, paidFirst })

/** Returns the proposal's number; null: nothing waits. The number of the employer's account allows only one open proposal at a time. */
export async function proposeEmployer(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  rest: EmployerChange | null,
): Promise<number | null | Refused> {
  if (rest === null) return null
  const { code, currency, before, after } = rest
  const subject = await openAccount(office.db.access, 'counterparty_receivable', code, currency)
  const details = { employer: code, yearlyLimit: after.yearlyLimit, paidFirst: after.paidFirst, before: before.yearlyLimit } // prettier-ignore
  return propose(connection, office, actor, { kind: 'employer', subject, input: rest, reason: '', details })
}

export const employerChange = ({ input }: Pick<ProposalRow, 'input'>): EmployerChange =>
  JSON.parse(input) as EmployerChange

export const decideEmployer = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'employer', ...input }, async (connection, proposal) => {
    if (!input.approve) return null
    const { code, before, after } = employerChange(proposal)
    const [, [row] = []] = await connection.send(`${lockEmployer(code)};${selectEmployer(code)}`)
    if (row === undefined) return refused('no_such_employer', { code })
    const employer = toEmployer(row)
    if (JSON.stringify(relaxableOf(employer)) !== JSON.stringify(before)) return refused('changed_since')
    await connection.send(setEmployer({ ...employer, ...after }))
    return null
  })

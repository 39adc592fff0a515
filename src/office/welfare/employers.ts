import { lockOpenCounterparty } from '../../db/sql/counterparties.ts'
import {
  selectEmployer,
  selectEmployers,
  setEmployer,
  toEmployer,
  type Employer,
  type EmployerSettings,
} from '../../db/sql/employers.ts'
import { forgoMails, retryMails } from '../../db/sql/welfare-mails.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { inTransaction, type Office } from '../office.ts'
import { openProposals } from '../proposals.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { employerChange, partsOfEmployer, proposeEmployer } from './employer-approvals.ts'

export type { Employer, EmployerSettings }

/** The default yearly limit of a new employer: the example of the tax act (art. 21 sec. 1 no. 67). */
export const YEARLY_LIMIT = 1_000_00
export const LEGAL_NOTE =
  'Art. 21 ust. 1 pkt 67 ustawy o podatku dochodowym od osób fizycznych: 1000 zł w roku podatkowym'
export const PLN = 985
const NEW = { yearlyLimit: YEARLY_LIMIT, paidFirst: false }

export async function listEmployers(office: Pick<Office, 'db'>, actor: Actor): Promise<readonly Employer[] | Refused> {
  const no = mayDo(actor, 'welfare.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectEmployers))
  return rows.map(toEmployer)
}

/** The changes that wait for a second person, by the employer's code. */
export async function waitingEmployers(office: Pick<Office, 'db'>): Promise<ReadonlyMap<string, WaitingEmployer>> {
  const waiting = await openProposals(office, 'employer')
  return new Map(
    waiting.map((proposal) => {
      const { code, after } = employerChange(proposal)
      return [code, { ...after, by: proposal.by }]
    }),
  )
}
export type WaitingEmployer = Pick<EmployerSettings, 'yearlyLimit' | 'paidFirst'> & { readonly by: string }

/**
 * Makes an open counterparty an employer, or changes its settings. The currency never changes. A higher limit, and the end
 * of payment in advance, wait for a second person: `waits` is the number of that proposal.
 */
export async function makeEmployer(
  office: Office,
  actor: Actor,
  input: EmployerSettings,
): Promise<(Employer & { readonly waits: number | null }) | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const { code } = input
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const [[counterparty] = []] = await connection.send(lockOpenCounterparty(code))
    if (counterparty === undefined) return refused('no_open_counterparty', { code })
    const before = await employerOf(connection, code)
    if (before !== null && before.currency !== input.currency) return refused('employer_currency', { code })
    const { now, rest } = await partsOfEmployer(connection, office, before ?? NEW, input)
    await connection.send(setEmployer(now))
    if (before !== null && before.email === null && input.email !== null) await connection.send(forgoMails(code, at))
    if (before !== null && before.email !== input.email) await connection.send(retryMails(code))
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.employer',
      object: { kind: 'employer', id: code },
      details: { yearlyLimit: now.yearlyLimit, paidFirst: now.paidFirst, before: before?.yearlyLimit ?? null },
    })
    const waits = await proposeEmployer(connection, office, actor, rest)
    if (isRefused(waits)) return waits
    const employer = await employerOf(connection, code)
    return employer === null ? refused('no_such_employer', { code }) : { ...employer, waits }
  })
}

export async function employerOf(connection: WorkerConnection, code: string): Promise<Employer | null> {
  const [[row] = []] = await connection.send(selectEmployer(code))
  return row === undefined ? null : toEmployer(row)
}

/** The employer of that code, if its counterparty is open. */
export async function openEmployer(connection: WorkerConnection, code: string): Promise<Employer | Refused> {
  const employer = await employerOf(connection, code)
  if (employer === null) return refused('no_such_employer', { code })
  return employer.state === 'open' ? employer : refused('no_open_counterparty', { code })
}

import { currencyOf } from '../../core/currency.ts'
import { openAccount } from '../../db/accounts.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { insertCreditLimit, lockCounterparty, selectCreditLimits, toCreditLimit } from '../../db/sql/credit.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { inTransaction, type Office } from '../office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from '../proposals.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'

export type LimitInput = {
  readonly counterparty: string
  readonly currency: number
  /** Null: as much as it likes. */
  readonly amount: number | null
  readonly reason: string
}

/** A proposed change for a second person. */
export type LimitChange = {
  readonly counterparty: string
  readonly currency: number
  readonly before: number | null
  readonly after: number | null
}

/** Asks for another credit limit, up or down; a second person decides (docs/spec/abuse.md, 2). Returns the proposal's number. */
export async function proposeCreditLimit(
  office: Office,
  actor: Actor,
  { counterparty, currency, amount, reason }: LimitInput,
): Promise<number | Refused> {
  const no = mayDo(actor, 'counterparties.edit')
  if (no !== null) return no
  if (amount !== null && (!Number.isSafeInteger(amount) || amount < 0)) {
    return refused('wrong_input', { name: 'amount', value: amount })
  }
  const known = await office.db.use((connection) => isThere(connection, counterparty))
  if (!known) return refused('no_such_counterparty', { code: counterparty })
  // Its account has a number, by which one proposal about it is open at a time.
  const subject = await openAccount(office.db.access, 'counterparty_receivable', counterparty, currency)
  return inTransaction(office, async (connection) => {
    const before = await limitOf(connection, counterparty, currency)
    if (before === amount) return refused('credit_limit_same', { code: counterparty })
    const input: LimitChange = { counterparty, currency, before, after: amount }
    return propose(connection, office, actor, { kind: 'creditLimit', subject, input, reason, details: input })
  })
}

async function isThere(connection: WorkerConnection, code: string): Promise<boolean> {
  const [[row] = []] = await connection.send(lockCounterparty(code))
  return row !== undefined
}

async function limitOf(connection: WorkerConnection, counterparty: string, currency: number): Promise<number | null> {
  const [rows = []] = await connection.send(selectCreditLimits(counterparty))
  return rows.map(toCreditLimit).find((one) => one.currency === currency)?.amount ?? null
}

export const limitChange = ({ input }: Pick<ProposalRow, 'input'>): LimitChange => JSON.parse(input) as LimitChange

export const openLimitProposals = (office: Pick<Office, 'db'>): Promise<ProposalRow[]> =>
  openProposals(office, 'creditLimit')

export async function decideCreditLimit(
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<LimitChange | Refused> {
  const decided = await decideProposal(
    office,
    actor,
    { kind: 'creditLimit', ...input },
    async (connection, proposal, at) => {
      if (!input.approve) return null
      const change = limitChange(proposal)
      const { counterparty, currency, before, after: amount } = change
      await connection.send(lockCounterparty(counterparty))
      if ((await limitOf(connection, counterparty, currency)) !== before) return refused('changed_since')
      const id = office.nextId()
      const row = { counterparty, currency, amount, askedBy: proposal.by, approvedBy: actor.login, at }
      await connection.send(insertCreditLimit(id, row))
      await putOnRecord(connection, office, actor, at, {
        action: 'counterparties.limit',
        object: { kind: 'counterparty', id: counterparty },
        details: { currency: currencyOf(currency).letters, before, after: amount, askedBy: proposal.by },
      })
      return null
    },
  )
  return isRefused(decided) ? decided : limitChange(decided)
}

import { amountText, amountTextPl, currencyOf } from '../../core/currency.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import {
  lockCounterparty,
  selectAllCreditLimits,
  selectCommitted,
  selectCreditLimits,
  toCreditLimit,
} from '../../db/sql/credit.ts'
import { onConnection } from '../../db/unit-of-work.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused, type Words } from '../refusal.ts'
import { balanceOf, owedIn } from '../reports/counterparties.ts'
import { inSnapshot, type Snapshot } from '../reports/snapshot.ts'

/** A counterparty's limit, debt and commitments. */
export type Credit = {
  readonly counterparty: string
  readonly currency: number
  /** Packs and batches less returns and payments; below zero: paid in advance. */
  readonly owed: number
  /** Approved and not booked yet. */
  readonly committed: number
  /** Null: none. */
  readonly limit: number | null
}

/** In one snapshot, of one counterparty or all (null): of each currency that it owes or has a limit in. */
export async function creditsIn(snapshot: Snapshot, counterparty: string | null): Promise<Credit[]> {
  const stores = counterparty === null ? null : [counterparty]
  const owed = await owedIn(snapshot, { from: null, to: null, stores, issues: null })
  const [limits = [], committed = []] = await snapshot.connection.send(
    `${counterparty === null ? selectAllCreditLimits : selectCreditLimits(counterparty)};${selectCommitted(counterparty)}`,
  )
  const credits = new Map<string, Credit>()
  const put = (code: string, currency: number, part: Partial<Credit>): void => {
    const key = `${code} ${currency}`
    const known = credits.get(key) ?? { counterparty: code, currency, owed: 0, committed: 0, limit: null }
    credits.set(key, { ...known, ...part })
  }
  for (const one of owed) put(one.counterparty, one.currency, { owed: balanceOf(one) })
  for (const [code, currency, amount] of committed) put(String(code), Number(currency), { committed: Number(amount) })
  for (const { counterparty: code, currency, amount } of limits.map(toCreditLimit)) {
    if (amount !== null) put(code, currency, { limit: amount })
  }
  return [...credits.values()].sort((a, b) => a.currency - b.currency)
}

export type CreditInput = { readonly counterparty: string; readonly currency: number; readonly amount: number }

/**
 * Decides whether a counterparty may have `amount` more, for pack sales and welfare batches. It runs in the approving
 * transaction and serialises the approvals for a counterparty until its end. Null: permitted. The debt is read on a
 * connection of its own, in a snapshot that begins after the lock.
 */
export async function creditObjection(
  connection: WorkerConnection,
  { db }: Pick<Office, 'db'>,
  { counterparty, currency, amount }: CreditInput,
): Promise<Refused | null> {
  await connection.send(lockCounterparty(counterparty))
  const [rows = []] = await connection.send(selectCreditLimits(counterparty))
  const limit = rows.map(toCreditLimit).find((one) => one.currency === currency)?.amount ?? null
  if (limit === null) return null
  const credit = await creditNow(db, counterparty, currency)
  if (isRefused(credit)) return credit
  const { owed, committed } = credit
  if (owed + committed + amount <= limit) return null
  const said = (value: number): Words => moneyWords(value, currency)
  return refused('credit_exceeded', {
    code: counterparty,
    limit: said(limit),
    owed: said(owed),
    committed: said(committed),
    amount: said(amount),
  })
}

/**
 * The same for a counterparty that pays in advance: whether its unspent payments cover `amount` more. Null: they do.
 * The credit limit is irrelevant here.
 */
export async function paidObjection(
  connection: WorkerConnection,
  { db }: Pick<Office, 'db'>,
  { counterparty, currency, amount }: CreditInput,
): Promise<Refused | null> {
  await connection.send(lockCounterparty(counterparty))
  const credit = await creditNow(db, counterparty, currency)
  if (isRefused(credit)) return credit
  const missing = credit.owed + credit.committed + amount
  return missing <= 0
    ? null
    : refused('employer_not_paid', { code: counterparty, missing: moneyWords(missing, currency) })
}

/** On a connection of its own, so that its snapshot begins now. */
async function creditNow(
  { access }: Office['db'],
  counterparty: string,
  currency: number,
): Promise<Pick<Credit, 'owed' | 'committed'> | Refused> {
  const credits = await inSnapshot({ db: { use: (work) => onConnection(access, work) } }, async (snapshot) =>
    creditsIn(snapshot, counterparty),
  )
  if (isRefused(credits)) return credits
  return credits.find((one) => one.currency === currency) ?? { owed: 0, committed: 0 }
}

export function moneyWords(value: number, currency: number): Words {
  const { letters } = currencyOf(currency)
  return { en: `${amountText(value, currency)} ${letters}`, pl: `${amountTextPl(value, currency)} ${letters}` }
}

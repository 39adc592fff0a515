import type { AccountView } from '../db/sql/transaction-page.ts'
import type { Office } from './office.ts'
import type { Words } from './refusal.ts'

const KINDS: Readonly<Record<string, Words>> = {
  card: { en: 'Card', pl: 'Karta' },
  store_receivable: { en: 'Store owes', pl: 'Należność od sklepu' },
  store_payable: { en: 'Owed to store', pl: 'Zobowiązanie wobec sklepu' },
  counterparty_receivable: { en: 'Counterparty owes', pl: 'Należność od kontrahenta' },
  issuer_adjustments: { en: 'Issuer’s adjustments', pl: 'Korekty wystawcy' },
  issuer_breakage: { en: 'Issuer’s breakage', pl: 'Przepadłe środki wystawcy' },
  upstream_settlement: { en: 'Other host', pl: 'Inny system' },
}

/** An account as people call it. */
export function accountWords(
  { registry }: Pick<Office, 'registry'>,
  { kind, owner }: AccountView,
): { en: string; pl: string } {
  const words = KINDS[kind] ?? { en: kind, pl: kind }
  const name = registry().stores.get(owner)?.name ?? owner
  return { en: `${words.en} ${name}`.trim(), pl: `${words.pl} ${name}`.trim() }
}

import type { Connection } from 'mysql2/promise'
import { demoCards, type DemoCard } from './cards.ts'
import { demoIssues, demoStores, demoTerminals, type DemoIssue } from './setting.ts'
import { deriveCardKeys, DEMO_MASTER, keyCheckValue } from '../cards/keys.ts'
import type { Issue } from '../core/issue.ts'
import { CONTRA_ACCOUNTS, type AccountId } from '../core/money.ts'
import { openConnection, type Access } from '../db/access.ts'
import { STORE_ACCOUNTS } from '../db/accounts.ts'
import { insertDemoCards, rowsOf } from './seed-cards.ts'
import { insertTerminal } from './seed-terminals.ts'
import { takeIds } from '../db/ids.ts'
import { insertInstallation } from '../db/installation.ts'
import { insertNumberKey } from '../db/sql/number-keys.ts'
import { toIssue } from '../db/sql/registry.ts'

/**
 * Fills an empty database with the demo set and marks it as demo, in one database transaction: a kill in the middle
 * leaves it empty.
 */
export async function seedDemo(access: Access, now: number): Promise<void> {
  const keys = deriveCardKeys(DEMO_MASTER)
  const cards = demoCards(keys)
  const firstRow = await takeIds(access, 'row', rowsOf(cards))
  const firstAccount = await takeIds(access, 'account', demoStores.length * CONTRA_ACCOUNTS.length)
  const packId = await takeIds(access, 'pack', 1)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.beginTransaction()
    const checkValue = keyCheckValue(DEMO_MASTER)
    await connection.query(...insertInstallation({ mark: 'demo', cardKey: checkValue }))
    await connection.query(insertNumberKey({ id: keys.id, checkValue, state: 'current' }))
    const receivable = await insertStores(connection, firstAccount)
    for (const terminal of demoTerminals) await insertTerminal(connection, terminal)
    const issues = await insertIssues(connection, cards)
    await insertDemoCards(connection, keys, cards, issues, { firstRow, receivable, packId, now })
    await connection.query('UPDATE registry_version SET version = version + 1 WHERE id = 1')
    await connection.commit()
  } finally {
    await connection.end()
  }
}

/** Returns the account that the opening sales are booked against. */
async function insertStores(connection: Connection, firstAccount: AccountId): Promise<AccountId> {
  let account = firstAccount
  for (const { id, name, currency, timeZone } of demoStores) {
    const store = [id, name, currency, timeZone, 'pl', 'open']
    await connection.query('INSERT INTO stores (code, name, currency, time_zone, language, state) VALUES (?)', [store])
    for (const kind of STORE_ACCOUNTS) {
      await connection.query('INSERT INTO accounts (id, kind, owner, currency) VALUES (?)', [
        [account++, kind, id, currency],
      ])
    }
  }
  return firstAccount
}

/** Code → the issue as the engine knows it. */
async function insertIssues(connection: Connection, cards: readonly DemoCard[]): Promise<ReadonlyMap<string, Issue>> {
  const issues = new Map<string, Issue>()
  for (const [i, issue] of demoIssues.entries()) {
    const read = issueColumns(i + 1, issue)
    const life = lifeColumns(issue, cards)
    const columns = { ...read, ...life }
    await connection.query(`INSERT INTO issues (${Object.keys(columns).join(',')}) VALUES (?)`, [
      Object.values(columns),
    ])
    // Serials are also the bodies of the numbers.
    await connection.query('INSERT INTO number_spaces (number_length, prefix, next_body) VALUES (?)', [
      [issue.numberLength, issue.prefix, life.card_count + 1],
    ])
    issues.set(issue.code, demoIssueOf(i + 1, issue))
  }
  return issues
}

/** The demo issue of that id as the engine knows it. */
export const demoIssueOf = (id: number, issue: DemoIssue): Issue => toIssue(Object.values(issueColumns(id, issue)), [])

/** In the order in which the registry reads them. */
const issueColumns = (id: number, issue: DemoIssue) => ({
  id,
  code: issue.code,
  currency: issue.currency,
  value_kind: issue.valueKind,
  nominal: issue.nominal,
  sale_minimum: issue.saleMin,
  sale_maximum: issue.saleMax,
  sale_step: issue.saleStep,
  top_up_minimum: issue.topUpAllowed ? issue.topUpMin : null,
  top_up_maximum: issue.topUpAllowed ? issue.topUpMax : null,
  top_up_step: issue.topUpAllowed ? issue.saleStep : null,
  maximum_balance: issue.maxBalance,
  refund_onto_card: Number(issue.refundOntoCard),
  refund_onto_new: Number(issue.refundOntoNew),
  unreceipted_refund_maximum: issue.unreceiptedRefundMax,
  partial_approval: Number(issue.partialApproval),
  cash_out_maximum: issue.cashOutMax,
  pay_by_number: Number(issue.payByBarcodeOrKeyed),
  balance_by_number: Number(issue.balanceByBarcodeOrKeyed),
  validity_months: null,
  top_up_count: null,
  daily_count: null,
  daily_amount: null,
  state: 'activated',
  packs: 1,
  sale_authorisation: 0,
  sale_authorised_by: null,
  ecommerce_after_hours: 0,
  medium: 'stripe_barcode',
  unreceipted_refund_daily: NO_LIMIT,
  unreceipted_refund_terminal_daily: NO_LIMIT,
})

/** The largest amount of a message: people who try the demo meet no limit by the day. */
const NO_LIMIT = 999_999_999_999

/**
 * Columns that the registry does not read. The demo cards are generated, exported to HOME/demo and in use from the
 * first day.
 */
const lifeColumns = (issue: DemoIssue, cards: readonly DemoCard[]) => ({
  name: issue.name,
  prefix: issue.prefix,
  number_length: issue.numberLength,
  card_count: cards.filter((card) => card.issue === issue.code).length,
  number_body: 'sequential',
  barcode: 'code128',
  ecodes: Number(issue.ecodes),
})

import type { RowDataPacket } from 'mysql2/promise'
import { numberHash } from '../../../../src/cards/hash.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../../../src/cards/keys.ts'
import { cardNumber } from '../../../../src/cards/number.ts'
import type { ContraAccount } from '../../../../src/core/money.ts'
import { openAccount } from '../../../../src/db/accounts.ts'
import { insertCardMoves } from '../../../../src/db/sql/card-counts.ts'
import type { Engine } from '../../../../src/engine/engine.ts'
import type { Office } from '../../../../src/office/office.ts'
import { LEGAL_NOTE, makeEmployer, PLN } from '../../../../src/office/welfare/employers.ts'
import { importEmployees } from '../../../../src/office/welfare/import-employees.ts'
import { type EngineSetting, engineSetting } from '../../../engine/engine-setting.ts'
import { ok, person, testOffice } from '../../test-office.ts'
import { type Account, type Card, type Journal, openJournal } from './proof-journal.ts'

/* Three stores, two currencies, a counterparty that is an employer: what a random history of months needs. */

export const [OLA, JAN] = [person('ola'), person('jan')]
export const STORES = ['000000000000001', '000000000000002', '000000000000003'] as const
export const CURRENCIES = [985, 978] as const
export const ISSUES = { 985: 'OPEN', 978: 'EURO' } as const
export const ACME = 'ACME'
/** Under policy explicit, none and next. */
export const TILLS = STORES.flatMap((store, i) =>
  (['explicit', 'none', 'next'] as const).map((policy) => ({
    store,
    policy,
    code: `P-${policy.toUpperCase().slice(0, 4)}${i + 1}`,
  })),
)
export type Till = (typeof TILLS)[number]

/** Two months with a change of the clocks in them. */
export const PROOF_BEGIN = Date.parse('2026-08-28T07:00:00Z')

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }
export type World = {
  readonly setting: EngineSetting
  readonly engine: Engine
  readonly office: Office
  readonly journal: Journal
  readonly account: (kind: ContraAccount, owner: string, currency: number) => Account
  /** New cards of an issue, to be sold; with a number where they can be typed. */
  readonly newCards: (currency: number, count: number, state?: 'sellable' | 'inactive') => Promise<readonly TypedCard[]>
  readonly clock: { now: number }
  readonly run: (sql: string, values?: readonly unknown[]) => Promise<RowDataPacket[]>
}
export type TypedCard = Card & { readonly number: string }

const KEYS = deriveCardKeys(DEMO_MASTER)

export async function proofWorld(t: Teardown, begin: number): Promise<World> {
  const setting = await engineSetting(t)
  const { access, connection } = setting
  const clock = { now: begin }
  const run: World['run'] = async (sql, values = []) => (await connection.query<RowDataPacket[]>(sql, [...values]))[0]
  await settle(run)
  const accounts = new Map<number, Account>()
  const named = new Map<string, Account>()
  const owners: [ContraAccount, string][] = [
    ...STORES.flatMap((store): [ContraAccount, string][] => [['store_receivable', store], ['store_payable', store]]),
    ['issuer_adjustments', 'issuer'],
    ['issuer_breakage', 'issuer'],
    ['counterparty_receivable', ACME],
  ] // prettier-ignore
  for (const [kind, owner] of owners) {
    for (const currency of CURRENCIES) {
      const account = { id: await openAccount(access, kind, owner, currency), kind, owner }
      accounts.set(account.id, account)
      named.set(`${kind} ${owner} ${currency}`, account)
    }
  }
  const office = await testOffice(t, access, { clock: () => clock.now })
  const employer = { code: ACME, currency: PLN, yearlyLimit: 100_000_00, legalNote: LEGAL_NOTE, paidFirst: false, language: 'en', email: null } as const // prettier-ignore
  await ok(makeEmployer(office, OLA, employer))
  const journal = openJournal(accounts)
  await oldCards(run, journal, named)
  const engine = setting.engine()
  t.teardown(() => engine.stop())
  let body = 6_000_000
  return {
    setting,
    engine,
    office,
    journal,
    clock,
    run,
    account(kind, owner, currency) {
      const account = named.get(`${kind} ${owner} ${currency}`)
      if (account === undefined) throw new Error(`no account ${kind} ${owner} ${currency}`)
      return account
    },
    async newCards(currency, count, state = 'sellable') {
      const made = Array.from({ length: count }, () => newCard(setting.nextId(), body++, currency, state))
      const issue = await run('SELECT id FROM issues WHERE code = ?', [ISSUES[currency as 985]])
      await connection.query(
        `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state) VALUES ?`,
        [made.map(({ id, number, numberHash: hash }) => [id, issue[0]?.['id'], id % 2_000_000_000, Buffer.from(hash, 'hex'), Buffer.alloc(28, 1), '629910', number.slice(-4), '4912', 0, state])],
      ) // prettier-ignore
      const issueId = Number(issue[0]?.['id'])
      await connection.query(insertCardMoves([{ issueId, state, block: null, cards: count, ledger: 0 }]))
      for (const card of made) journal.cards.set(card.id, card)
      return made
    },
  }
}

function newCard(id: number, body: number, currency: number, state: 'sellable' | 'inactive'): TypedCard {
  const number = cardNumber({ prefix: '629910', length: 16, body })
  const issue = ISSUES[currency as 985]
  const hash = numberHash(KEYS, number).toString('hex')
  return { id, number, numberHash: hash, issue, currency, state, ledger: 0, available: 0, replacedBy: null, validUntil: null, sale: null } // prettier-ignore
}

/** The demo's setting, with a third store, a second currency and limits that are seldom in the way. */
async function settle(run: World['run']): Promise<void> {
  await run(`UPDATE issues SET card_count = 10000000, maximum_balance = 300000, top_up_minimum = 100, sale_minimum = 100,
    unreceipted_refund_maximum = 1000000, unreceipted_refund_daily = 1000000, unreceipted_refund_terminal_daily = 100000000,
    cash_out_maximum = 500 WHERE code = 'OPEN'`)
  const [open] = await run("SELECT * FROM issues WHERE code = 'OPEN'")
  await run('INSERT INTO issues SET ?', [{ ...open, id: 90, code: 'EURO', name: 'In euros', currency: 978, prefix: '629919' }]) // prettier-ignore
  await run(`INSERT INTO stores (code, name, currency, time_zone, language, state) VALUES (?, 'Third', 978, 'Europe/Warsaw', 'en', 'open')`, [STORES[2]]) // prettier-ignore
  for (const { code, store, policy } of TILLS) {
    await run("INSERT INTO terminals (code, store_code, confirmation, mac, state) VALUES (?, ?, ?, 'none', 'active')", [code, store, policy]) // prettier-ignore
  }
  await run(`INSERT INTO counterparties (code, name, state) VALUES ('${ACME}', 'Acme', 'open')`)
  await run('UPDATE registry_version SET version = version + 1 WHERE id = 1')
}

/** Cards that the demo has sold before the history begins. */
async function oldCards(run: World['run'], journal: Journal, named: ReadonlyMap<string, Account>): Promise<void> {
  const rows = await run(
    `SELECT t.id, t.business_date AS day, a.owner, c.id AS card, t.amount, c.valid_until AS validUntil FROM transactions t
     JOIN cards c ON c.id = t.card_id JOIN accounts a ON a.id = t.debit_account WHERE t.amount > 0 AND t.operation = 'sale' ORDER BY t.id`,
  )
  for (const { id, day, owner, card, amount, validUntil } of rows) {
    const contra = named.get(`store_receivable ${String(owner)} 985`) ?? null
    const known: Card = { id: Number(card), numberHash: '', issue: 'OPEN', currency: 985, state: 'sold', ledger: 0, available: 0,
      replacedBy: null, validUntil: validUntil === null ? null : String(validUntil), sale: null } // prettier-ignore
    journal.began(known, {
      id: Number(id), at: 0, day: String(day), originalDay: String(day), store: String(owner), card: { id: known.id, issueId: 0, seq: 0 },
      currency: 985, channel: 'terminal', operation: 'sale', role: 'books', undoes: false, debit: contra?.id ?? 0, credit: known.id,
      amount: Number(amount), sells: true, contra, originalId: null, otherSeq: 0, availableSeq: null, batch: null,
    }) // prettier-ignore
  }
}

/** People of the employer, each with a card that is sold. */
export async function hire({ office }: World, from: number, cards: readonly TypedCard[]): Promise<void> {
  const lines = cards.map(({ number }, i) => `${from + i},Person ${from + i},${number}`)
  const file = { name: 'people.csv', content: Buffer.from(['employee,name,card', ...lines].join('\n')) }
  await ok(importEmployees(office, OLA, { employer: ACME, file }))
}

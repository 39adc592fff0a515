import { randomBytes } from 'node:crypto'
import { DEMO_EMPLOYER, demoEmployees, STAFF, STAFF_OPENING, staffNumbers, staffPlan } from './staff.ts'
import type { CardKeys } from '../cards/keys.ts'
import { makeCards } from '../cards/made-card.ts'
import { execute, noChanges } from '../core/apply.ts'
import type { Issue } from '../core/issue.ts'
import { packSaleKey } from '../core/key.ts'
import type { AccountId } from '../core/money.ts'
import { ownRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import { stateWithoutHistory } from '../core/state-without-history.ts'
import type { State } from '../core/state.ts'
import type { Access } from '../db/access.ts'
import { openAccount } from '../db/accounts.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { selectCard, toCard, updateCards } from '../db/sql/cards.ts'
import { insertCounterparty } from '../db/sql/counterparties.ts'
import { insertEmployees, insertLinks } from '../db/sql/employees.ts'
import { setEmployer } from '../db/sql/employers.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
import { integer, text } from '../db/sql/literal.ts'
import { insertCards } from '../db/sql/new-cards.ts'
import { insertTransactions } from '../db/sql/transactions.ts'
import { insertUnfolded } from '../db/sql/unfolded.ts'
import { unitOfWork } from '../db/unit-of-work.ts'
import { insertIssue, readIssue } from './new-issue.ts'

/** The issue for the employees of the demo's employer. */
const COLUMNS = {
  currency: integer(DEMO_EMPLOYER.currency),
  sale_maximum: integer(2_000_00),
  maximum_balance: integer(5_000_00),
} as const

const BY = 'demo'
const APPROVED_BY = 'demo2'

type Ids = { readonly card: number; readonly row: number; readonly pack: number; readonly account: AccountId }

/** Adds the employer if it is missing, so that an older demo database gets it at its next start. */
export async function equipDemoStaff(access: Access, keys: CardKeys, now: number): Promise<void> {
  const isThere = await unitOfWork(access, async (connection) => {
    const [rows = []] = await connection.send(`SELECT 1 FROM issues WHERE code = ${text(STAFF.code)}`)
    return rows.length > 0
  })
  if (isThere) return
  const first = await takeIds(access, 'row', STAFF.cards + 3 * demoEmployees.length)
  const account = await openAccount(access, 'counterparty_receivable', DEMO_EMPLOYER.code, DEMO_EMPLOYER.currency)
  const ids = { card: first, row: first + STAFF.cards, pack: await takeIds(access, 'pack', 2), account }
  await unitOfWork(access, async (connection) => {
    const issue = await insertStaffIssue(connection, keys, ids)
    await insertPacks(connection, issue, ids.pack)
    await insertPeople(connection, ids, now)
    await sellCards(connection, issue, ids, now)
    await connection.send(nextRegistryVersion)
  })
}

async function insertStaffIssue(connection: WorkerConnection, keys: CardKeys, ids: Ids): Promise<Issue> {
  const id = await insertIssue(connection, STAFF, COLUMNS)
  const plan = staffPlan(id, ids.card)
  await connection.send(insertCards(plan, makeCards(keys, plan, 1, staffNumbers(keys), randomBytes(12 * STAFF.cards))))
  return readIssue(connection, id)
}

/** One pack that was sold with money on its cards, and an active one for newcomers. */
async function insertPacks(connection: WorkerConnection, issue: Issue, packId: number): Promise<void> {
  await connection.send(insertCounterparty(DEMO_EMPLOYER.code, DEMO_EMPLOYER.name))
  const people = demoEmployees.length
  const pack = (id: number, state: string, cards: number, sale: string): string =>
    `(${integer(id)},${integer(issue.id)},${text(DEMO_EMPLOYER.code)},${text(state)},${integer(cards)},${text(BY)},${text(BY)},${sale})`
  await connection.send(
    `INSERT INTO packs (id, issue_id, counterparty_code, state, cards, made_by, activated_by, sale_amount, sale_asked_by,
       sale_approved_by)
     VALUES ${pack(packId, 'sold', people, `${integer(STAFF_OPENING)},${text(BY)},${text(APPROVED_BY)}`)},
       ${pack(packId + 1, 'active', STAFF.cards - people, 'NULL,NULL,NULL')}`,
  )
  await connection.send(
    `UPDATE cards SET pack_id = IF(serial <= ${integer(people)}, ${integer(packId)}, ${integer(packId + 1)})
     WHERE issue_id = ${integer(issue.id)}`,
  )
}

async function insertPeople(connection: WorkerConnection, ids: Ids, now: number): Promise<void> {
  const { code, currency, yearlyLimit } = DEMO_EMPLOYER
  const legalNote = 'Art. 21 ust. 1 pkt 67 ustawy o podatku dochodowym od osób fizycznych'
  await connection.send(
    setEmployer({ code, currency, yearlyLimit, legalNote, paidFirst: false, language: 'pl', email: null }),
  )
  const people = demoEmployees.map(({ number, name, serial }, i) => {
    return { id: ids.row + i, employer: code, number, name, email: null, cardId: ids.card + serial - 1 }
  })
  await connection.send(insertEmployees(people))
  await connection.send(
    insertLinks(
      people.map(({ id, cardId }, i) => {
        return { id: ids.row + people.length + i, employeeId: id, beforeId: null, cardId, at: now, who: BY }
      }),
    ),
  )
}

/** Loads each employee's card by the rules of the core, as the sale of its pack would. */
async function sellCards(connection: WorkerConnection, issue: Issue, ids: Ids, now: number): Promise<void> {
  const [rows = []] = await connection.send(`${selectCard} WHERE pack_id = ${integer(ids.pack)} ORDER BY id`)
  const cards = rows.map(toCard)
  const before = new Map(cards.map(({ id, seq }) => [id, { seq }]))
  const changes = noChanges()
  for (const [i, card] of cards.entries()) {
    const state = stateOf(issue, card, ids.pack)
    const { result } = execute(state, changes, saleOf(card.id, issue, ids, ids.row + 2 * cards.length + i, now))
    if (result !== 'approved') throw new Error(`the demo's employer breaks its own rules: ${result}`)
  }
  await connection.send(updateCards(cards, new Set(['state', 'validUntil', 'soldAt', 'wasSold', 'bound']), before))
  await connection.send(insertTransactions(changes.rows))
  await connection.send(insertUnfolded({ settled: changes.rows.map(({ id }) => id), touched: [] }))
}

const HASH = 'opened'

const stateOf = (issue: Issue, card: ReturnType<typeof toCard>, pack: number): State =>
  stateWithoutHistory(
    new Map([[issue.id, issue]]),
    [{ card, numberHash: HASH }],
    [{ id: pack, recipient: 'counterparty', state: 'selling', authorised: true }],
  )

const saleOf = (cardId: number, issue: Issue, { pack, account }: Ids, id: number, now: number): Request =>
  ownRequest({
    id,
    spareId: id,
    key: packSaleKey(pack, cardId),
    by: 'demo',
    requester: { channel: 'job', who: BY },
    at: now,
    day: new Date(now).toISOString().slice(0, 10),
    processingCode: '',
    amount: STAFF_OPENING,
    currency: issue.currency,
    trace: 'demo',
    ask: {
      act: 'operation',
      operation: 'pack_sale',
      presented: {
        numberHash: HASH,
        otherHash: null,
        newestKey: 1,
        luhn: true,
        shown: '',
        by: 'keyed',
        stripe: null,
        ecodeHash: null,
      },
      nominal: false,
      amount: STAFF_OPENING,
      currency: issue.currency,
      contra: account,
      partial: false,
      ontoNew: false,
      block: null,
      successor: null,
      receipt: null,
      office: null,
    },
  })

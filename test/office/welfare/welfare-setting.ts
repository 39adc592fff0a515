/** An employer with employees and cards for the tests. */

import type { RowDataPacket } from 'mysql2/promise'
import { cardNumber } from '../../../src/cards/number.ts'
import { numberHash } from '../../../src/cards/hash.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../../src/cards/keys.ts'
import { KIND } from '../../../src/core/key.ts'
import type { Request } from '../../../src/core/request.ts'
import type { Result } from '../../../src/core/result.ts'
import { bookedFor } from '../../../src/db/sql/staged.ts'
import { verifyLedger } from '../../../src/office/ledger.ts'
import { dateIn } from '../../../src/office/clock.ts'
import type { Office } from '../../../src/office/office.ts'
import { writePack } from '../../../src/office/pack-making.ts'
import { planOf } from '../../../src/office/pack-plan.ts'
import { activatePack } from '../../../src/office/packs.ts'
import { completeBatch } from '../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { importEmployees } from '../../../src/office/welfare/import-employees.ts'
import type { Upload } from '../../../src/office/welfare/list-file.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { LEGAL_NOTE, makeEmployer, PLN } from '../../../src/office/welfare/employers.ts'
import { proposeBatch } from '../../../src/office/welfare/propose.ts'
import { type EngineSetting, engineSetting, numberOf, type TestCard } from '../../engine/engine-setting.ts'
import { ok, person, testOffice } from '../test-office.ts'

export const OLA = person('ola')
export const JAN = person('jan')
const KEYS = deriveCardKeys(DEMO_MASTER)

/** A card that can be typed. */
export type NumberedCard = TestCard & { readonly number: string }

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export const csv = (name: string, ...lines: readonly string[]): Upload => ({
  name,
  content: Buffer.from(lines.join('\r\n')),
})

export type WelfareSetting = {
  readonly setting: EngineSetting
  readonly office: Office
  /** As of the clock, where this one has its own. */
  readonly dated: (request: Request) => Request
  /** Cards of OPEN with numbers of their own, sold with that amount. */
  readonly soldCards: (count: number, amount?: number) => Promise<readonly NumberedCard[]>
  readonly unsoldCards: (count: number) => Promise<readonly NumberedCard[]>
  /** New cards in an active pack of ACME, which a batch may sell. */
  readonly packedCards: (count: number) => Promise<readonly NumberedCard[]>
  /** Employees `1…count` of ACME, each with a card. */
  readonly employees: (count: number, from?: number) => Promise<readonly NumberedCard[]>
  /** The old card is replaced by a new one. */
  readonly replace: (card: TestCard, by: TestCard) => Promise<Result>
  readonly pay: (card: TestCard, amount: number) => Promise<Result>
  readonly request: (operation: 'payment' | 'sale' | 'duplicate' | 'refund', card: TestCard, amount: number) => Request
  readonly rows: (sql: string, values?: readonly unknown[]) => Promise<RowDataPacket[]>
  /** The displayed balance of each card: ledger with booked loads. */
  readonly balances: (cards: readonly TestCard[]) => Promise<readonly number[]>
  /** From a list to a booked batch. */
  readonly booked: (file: Upload, accept?: readonly string[], employer?: string) => Promise<number>
  readonly verified: () => Promise<readonly string[]>
  /** Changes the issue OPEN, in force in these processes when it returns: they ask for changes only once a second. */
  readonly changeOpen: (set: string, offices?: readonly Office[]) => Promise<void>
}

/** An engine's database of its own, in which ACME is an employer. `shared`: for a second process. */
export async function welfareSetting(t: Teardown, clock: (() => number) | null = null): Promise<WelfareSetting> {
  const setting = await engineSetting(t)
  const { connection, access } = setting
  const office = await testOffice(t, access, clock === null ? {} : { clock })
  await connection.query("UPDATE issues SET card_count = 10000000 WHERE code = 'OPEN'")
  await connection.query("INSERT INTO counterparties (code, name, state) VALUES ('ACME', 'Acme', 'open')")
  await ok(makeEmployer(office, OLA, employer('ACME')))
  let body = 5_000_000
  let stan = 0

  const rows: WelfareSetting['rows'] = async (sql, values = []) => {
    const [found] = await connection.query<RowDataPacket[]>(sql, [...values])
    return found
  }
  const unsoldCards: WelfareSetting['unsoldCards'] = async (count) => {
    const cards = await setting.newCards(count)
    const numbered = cards.map(({ id }) => {
      const number = cardNumber({ prefix: '629910', length: 16, body: body++ })
      return { id, number, numberHash: numberHash(KEYS, number).toString('hex') }
    })
    for (const { id, number, numberHash: hash } of numbered) {
      await connection.query('UPDATE cards SET number_hash = ?, last_four = ? WHERE id = ?', [
        Buffer.from(hash, 'hex'),
        number.slice(-4),
        id,
      ])
    }
    return numbered
  }
  const dated: WelfareSetting['dated'] = (one) => {
    if (clock === null) return one
    const day = dateIn(office.timeZone, clock())
    return { ...one, at: clock(), today: day, businessDate: day }
  }
  const request: WelfareSetting['request'] = (operation, card, amount) =>
    dated(
      setting.request(setting.operation(operation, card, amount), {
        kind: KIND.financial,
        terminal: 'TILL',
        stan: ++stan,
        confirmation: 'none',
      }),
    )
  const soldCards: WelfareSetting['soldCards'] = async (count, amount = 10_000) => {
    const cards = await unsoldCards(count)
    await Promise.all(cards.map((card) => office.submit(request('sale', card, amount))))
    return cards
  }
  return {
    setting,
    office,
    dated,
    soldCards,
    unsoldCards,
    async packedCards(count) {
      const cards = await unsoldCards(count)
      await rows("UPDATE cards SET state = 'inactive' WHERE id IN (?)", [cards.map(({ id }) => id)])
      const wanted = cards.map(
        (card, i) => ({ by: 'number', where: `line ${i + 1}`, number: numberOf(card), shown: '' }) as const,
      )
      const plan = await ok(office.db.use((one) => planOf(one, 'OPEN', wanted)))
      const pack = await ok(writePack(office, OLA, plan, { recipient: { kind: 'counterparty', code: 'ACME' } }))
      await ok(activatePack(office, OLA, { pack, skip: true }))
      return cards
    },
    request,
    async replace(card, by) {
      const duplicate = request('duplicate', card, 0)
      if (duplicate.ask.act !== 'operation') return 'malfunction'
      const ask = { ...duplicate.ask, amount: null, successor: numberOf(by) }
      return (await office.submit({ ...duplicate, ask })).result
    },
    rows,
    async employees(count, from = 1) {
      const cards = await soldCards(count)
      const lines = cards.map(({ number }, i) => `${from + i},Person ${from + i},${number}`)
      await ok(
        importEmployees(office, OLA, { employer: 'ACME', file: csv('people.csv', 'employee,name,card', ...lines) }),
      )
      return cards
    },
    pay: async (card, amount) => (await office.submit(request('payment', card, amount))).result,
    async balances(cards) {
      const found = await rows(
        `SELECT c.ledger + ${bookedFor('c.id')} AS shown FROM cards c WHERE c.id IN (?) ORDER BY c.id`,
        [cards.map(({ id }) => id)],
      )
      return found.map(({ shown }) => Number(shown))
    },
    async booked(file, accept = [], employerCode = 'ACME') {
      const { id } = await ok(loadList(office, OLA, { employer: employerCode, file }))
      await ok(proposeBatch(office, OLA, { id, reason: 'test', accept }))
      await ok(decideBatch(office, JAN, { id, approve: true, reason: 'test' }))
      await ok(completeBatch(office, id))
      return id
    },
    verified: async () => (await verifyLedger(access)).faults,
    async changeOpen(set, offices = [office]) {
      await rows(`UPDATE issues SET ${set} WHERE code = 'OPEN'`)
      await rows('UPDATE registry_version SET version = version + 1')
      await Promise.all(offices.map((one) => one.refreshRegistry()))
    },
  }
}

export const employer = (code: string) => ({
  code,
  currency: PLN,
  yearlyLimit: 1_000_00,
  legalNote: LEGAL_NOTE,
  paidFirst: false,
  language: 'en' as const,
  email: null,
})

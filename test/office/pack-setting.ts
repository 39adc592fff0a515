/** People, stores and issues for the tests of packs. */

import type { Serials } from '../../src/cards/serials.ts'
import type { NumberHashes, Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import type { Office } from '../../src/office/office.ts'
import { writePack } from '../../src/office/pack-making.ts'
import { type PackPlan, planOf, type SelectedCards } from '../../src/office/pack-plan.ts'
import type { Recipient } from '../../src/db/sql/pack-rows.ts'
import { type EngineSetting, STORE, type TestCard } from '../engine/engine-setting.ts'
import { ok, person } from './test-office.ts'

export const OLA = person('ola')
export const JAN = person('jan')

export const SHOP: Recipient = { kind: 'store', code: STORE }
export const ACME: Recipient = { kind: 'counterparty', code: 'ACME' }

export type Packs = {
  readonly plan: (wanted: readonly SelectedCards[]) => Promise<PackPlan>
  /** As many new cards of OPEN, in a pack. */
  readonly packOf: (count: number, recipient?: Recipient) => Promise<{ id: number; cards: readonly TestCard[] }>
  readonly serialOf: (card: TestCard) => number
  readonly sale: (card: TestCard, amount?: number) => Request
  readonly pay: (card: TestCard, amount: number) => Request
  readonly state: (packId: number) => Promise<string>
}

/** Packs of the demo issue OPEN in the database of an engine test, with a counterparty beside its stores. */
export async function packSetting(setting: EngineSetting, office: Office): Promise<Packs> {
  const { connection, operation, request } = setting
  // The serials of test cards are their ids.
  await connection.query("UPDATE issues SET card_count = 10000000 WHERE code = 'OPEN'")
  await connection.query("INSERT INTO counterparties (code, name, state) VALUES ('ACME', 'Acme', 'open')")
  let stan = 0

  const plan: Packs['plan'] = (wanted) => ok(office.db.use((one) => planOf(one, 'OPEN', wanted)))
  const ask = (what: 'sale' | 'payment', card: TestCard, amount: number): Request =>
    request(operation(what, card, amount), {
      kind: KIND.financial,
      terminal: 'TILL',
      stan: ++stan,
      confirmation: 'none',
    })
  return {
    plan,
    async packOf(count, recipient = SHOP) {
      const cards = await setting.newCards(count)
      await connection.query("UPDATE cards SET state = 'inactive' WHERE id IN (?)", [cards.map(({ id }) => id)])
      const id = await ok(writePack(office, OLA, await plan(cards.map(wantedAs)), { recipient }))
      return { id, cards }
    },
    serialOf: ({ id }) => id,
    sale: (card, amount = 5_000) => ask('sale', card, amount),
    pay: (card, amount) => ask('payment', card, amount),
    async state(packId) {
      const [rows] = await connection.query('SELECT state FROM packs WHERE id = ?', [packId])
      return (rows as { state: string }[])[0]?.state ?? 'none'
    },
  }
}

export const hashesOf = ({ numberHash }: TestCard): NumberHashes => ({ numberHash, otherHash: null, newestKey: 1 })

export const wantedAs = (card: TestCard, i = 0): SelectedCards => ({
  by: 'number',
  where: `line ${i + 1}`,
  number: hashesOf(card),
  shown: '629910******0000',
})

export const serials = (first: number, last: number): SelectedCards => ({
  by: 'serials',
  where: '--serials',
  serials: { first, last } satisfies Serials,
})

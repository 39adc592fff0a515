import type { Serials } from '../../src/cards/serials.ts'
import { KIND, type NumberHashes, type Request } from '../../src/core/request.ts'
import { planPack, type Wanted } from '../../src/office/pack-plan.ts'
import { createPack, type Doer } from '../../src/office/pack-records.ts'
import type { Recipient } from '../../src/db/sql/pack-rows.ts'
import { onConnection } from '../../src/db/unit-of-work.ts'
import { type EngineSetting, STORE, type TestCard } from '../engine/engine-setting.ts'

export const OLA: Doer = { who: 'ola', at: Date.UTC(2026, 10, 22, 12), reason: 'agreed' }
export const JAN: Doer = { ...OLA, who: 'jan' }

export const SHOP: Recipient = { kind: 'store', code: STORE }
export const ACME: Recipient = { kind: 'counterparty', code: 'ACME' }

export type Packs = {
  readonly plan: (wanted: readonly Wanted[]) => ReturnType<typeof planPack>
  /** As many new cards of OPEN, in a pack. */
  readonly packOf: (count: number, recipient?: Recipient) => Promise<{ id: number; cards: readonly TestCard[] }>
  readonly serialOf: (card: TestCard) => number
  readonly sale: (card: TestCard, amount?: number) => Request
  readonly pay: (card: TestCard, amount: number) => Request
  readonly state: (packId: number) => Promise<string>
}

/** Packs of the demo issue OPEN in the database of an engine test, with a counterparty beside its stores. */
export async function packSetting(setting: EngineSetting): Promise<Packs> {
  const { access, connection, operation, request } = setting
  // The serials of test cards are their ids.
  await connection.query("UPDATE issues SET card_count = 10000000 WHERE code = 'OPEN'")
  await connection.query("INSERT INTO counterparties (code, name, state) VALUES ('ACME', 'Acme', 'open')")
  let stan = 0

  const plan: Packs['plan'] = (wanted) => onConnection(access, (one) => planPack(one, 'OPEN', wanted))
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
      const id = await createPack(access, await plan(cards.map(wantedAs)), recipient, OLA)
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

export const wantedAs = (card: TestCard, i = 0): Wanted => ({
  by: 'number',
  where: `line ${i + 1}`,
  number: hashesOf(card),
  shown: '629910******0000',
})

export const serials = (first: number, last: number): Wanted => ({
  by: 'serials',
  where: '--serials',
  serials: { first, last } satisfies Serials,
})

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import { ecodeFrom, issueEcodeKey } from '../../src/cards/ecode.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { type CardPlan, makeCards, plannedNumbers } from '../../src/cards/made-card.ts'
import { numberHashHex } from '../../src/cards/hash.ts'
import { KIND } from '../../src/core/key.ts'
import { equipDemoECards } from '../../src/demo/seed-ecards.ts'
import { takeIds } from '../../src/db/ids.ts'
import { insertCards } from '../../src/db/sql/new-cards.ts'
import { SCOPES } from '../../src/office/api-key.ts'
import { addApiKey, addShop } from '../../src/office/shops.ts'
import { type EngineSetting, engineSetting, STORE } from '../engine/engine-setting.ts'
import { ok, person, testOffice } from '../office/test-office.ts'
import type { Place } from './api-playing.ts'
import type { KnownCard } from './api-reading.ts'
import type { Clock } from './api-site.ts'
import { SHOPS, type ShopName } from './api-world.ts'

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/** A database with a demo in it, and as many shops and cards as histories want; and a till beside the web. */
export type Ground = {
  readonly setting: EngineSetting
  /** Two shops of one store; each gets a fresh pair. */
  readonly newShops: (number: number) => Promise<Readonly<Record<ShopName, string>>>
  /** Plastics with eCodes, sold by a till with these amounts on them. */
  readonly newCards: (amounts: readonly number[]) => Promise<readonly KnownCard[]>
  readonly till: Place['till']
  /** Until nothing is there any more that the condition selects. */
  readonly none: (what: string, sql: string) => Promise<void>
}

const KEYS = deriveCardKeys(DEMO_MASTER)
const SEED = Buffer.alloc(32, 7)
/** The number of cards made at a time, far behind those of the demo in their number spaces. */
const LOT = 500
const FIRST_SERIAL = 10_000
const ISSUES = { OPEN: '629910', ECARD: '629912' } as const
type Issue = keyof typeof ISSUES

export async function apiGround(t: Teardown, clock: Clock): Promise<Ground> {
  const setting = await engineSetting(t)
  const { access, connection } = setting
  await equipDemoECards(access, KEYS)
  const office = await testOffice(t, access, { clock: () => clock.now() })
  const engine = setting.engine()
  t.teardown(engine.stop)
  let stan = 0
  const made = { OPEN: 0, ECARD: 0 }
  const ready: string[] = []

  const make = async (issue: Issue): Promise<readonly string[]> => {
    const [[row]] = await connection.query<RowDataPacket[]>('SELECT id FROM issues WHERE code = ?', [issue])
    const first = FIRST_SERIAL + made[issue]
    const firstId = (await takeIds(access, 'row', LOT)) - first + 1
    const body = issue === 'ECARD' ? 'scrambled' : 'sequential'
    const ecodeSeed = issue === 'OPEN' ? SEED : null
    const plan: CardPlan = {
      issueId: Number(row?.['id']), firstId, prefix: ISSUES[issue], length: 16, body, firstPlace: 1, ean: null, ecodeSeed, validUntil: null,
    } // prettier-ignore
    const numbers = plannedNumbers(KEYS, plan, { first, count: LOT })
    await connection.query(insertCards(plan, makeCards(KEYS, plan, first, numbers, randomBytes(12 * LOT))))
    await connection.query("UPDATE cards SET state = 'sellable' WHERE id BETWEEN ? AND ?", [firstId + first - 1, firstId + first + LOT - 2]) // prettier-ignore
    made[issue] += LOT
    return numbers
  }
  const till = async (operation: 'sale' | 'payment' | 'top_up', number: string, amount: number): Promise<string> => {
    const card = { id: 0, numberHash: numberHashHex(KEYS, number) }
    const about = { kind: KIND.financial, terminal: 'TILL', stan: ++stan, confirmation: 'none' } as const
    const { result, row } = await engine.submit(setting.request(setting.operation(operation, card, amount), about))
    return `${result} ${row?.balances?.ledger}/${row?.balances?.available}`
  }

  return {
    setting,
    async newShops(number) {
      // Each history may sell some cards.
      if (number % (LOT / 10) === 1) await make('ECARD')
      const keys = await Promise.all(
        SHOPS.map(async (name) => {
          const code = `${name}${number}`
          await ok(addShop(office, person('anna'), { code, name: code, store: STORE }))
          const input = { shop: code, name: 'test', kind: 'secret', scopes: SCOPES, origins: [], networks: [], expiresAt: null } as const // prettier-ignore
          return [name, (await ok(addApiKey(office, person('anna'), input))).key] as const
        }),
      )
      return Object.fromEntries(keys) as Readonly<Record<ShopName, string>>
    },
    async newCards(amounts) {
      if (ready.length < amounts.length) ready.push(...(await make('OPEN')))
      const numbers = ready.splice(0, amounts.length)
      const sold = await Promise.all(amounts.map((amount, i) => till('sale', numbers[i] ?? '', amount)))
      const wrong = sold.find((answer) => !answer.startsWith('approved '))
      if (wrong !== undefined) throw new Error(`the ground is not right: ${wrong}`)
      const key = issueEcodeKey(KEYS, SEED)
      return numbers.map((number) => ({ number, ecode: ecodeFrom(key, number), tokens: {} }))
    },
    till: ({ operation, amount }, number) => till(operation, number, amount),
    async none(what, sql) {
      const until = performance.now() + PATIENCE_MS
      for (;;) {
        const [rows] = await connection.query<RowDataPacket[]>(`SELECT 1 FROM ${sql} LIMIT 1`)
        if (rows.length === 0) return
        if (performance.now() > until) throw new NeverEnds(`${what} does not end`)
        await sleep(LOOK_MS)
      }
    },
  }
}

/** Due work must end: if every request was answered and it does not, the product has a fault. */
export class NeverEnds extends Error {}

/** Far longer than what is due takes on a machine that twenty others use. */
const PATIENCE_MS = 60_000
const LOOK_MS = 15

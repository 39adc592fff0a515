import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { bookPackLoads } from '../../src/office/pack-loads.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { writePack } from '../../src/office/pack-making.ts'
import { approvePackSale, askPackSale } from '../../src/office/pack-sale.ts'
import { activatePack, killPack } from '../../src/office/packs.ts'
import { engineSetting, type TestCard } from '../engine/engine-setting.ts'
import { ACME, JAN, OLA, packSetting, SHOP, wantedAs } from './pack-setting.ts'
import { ok, testOffice } from './test-office.ts'

/** Packs of 100,000 cards beside payments: the duration of each step, and its effect on the payments. */

const CARDS = 100_000
const LOT = 5_000
/** A payment every so many ms, whatever became of the one before. */
const EVERY_MS = 4

const setting = await engineSetting(t)
const { access, connection } = setting
const office = await testOffice(t, access)
const packs = await packSetting(setting, office)
const engine = setting.engine({ workers: 4, batchMax: 64 })
t.teardown(() => engine.stop())

/** Of consecutive serials. */
async function newLot(count: number): Promise<readonly TestCard[]> {
  const cards: TestCard[] = []
  for (let i = 0; i < count; i += LOT) cards.push(...(await setting.newCards(LOT)))
  return cards
}

const payers = await setting.newCards(200)
await Promise.all(payers.map((card) => engine.submit(packs.sale(card, 100_000))))

type Test = { readonly fail: (what: string) => unknown }
type Beside = { readonly ms: number; readonly p50: number; readonly p99: number; readonly most: number }

/** Lets payments come at a steady rate while `work` runs; every one has to be approved. */
async function beside(t: Test, what: string, work: () => Promise<unknown>): Promise<Beside> {
  const took: number[] = []
  let going = true
  const pay = async (): Promise<void> => {
    const card = payers[took.length % payers.length] ?? payers[0]
    if (card === undefined) return
    const since = performance.now()
    const { result } = await engine.submit(packs.pay(card, 1))
    if (result !== 'approved') t.fail(`${what}: a payment was ${result}`)
    took.push(performance.now() - since)
  }
  const payments: Promise<void>[] = []
  const traffic = (async () => {
    while (going) {
      payments.push(pay())
      await sleep(EVERY_MS)
    }
  })()
  await sleep(500)
  const since = performance.now()
  await work()
  const ms = performance.now() - since
  await sleep(200)
  going = false
  await traffic
  await Promise.all(payments)
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const found = { ms, p50: at(0.5), p99: at(0.99), most: at(1) }
  console.error(
    `${what}: ${ms.toFixed(0)} ms; ${took.length} payments beside, p50 ${found.p50.toFixed(1)}, p99 ${found.p99.toFixed(1)}, at most ${found.most.toFixed(1)} ms`,
  )
  return found
}

t.test('for a store: made, activated, killed', { timeout: 600_000 }, async (t) => {
  const cards = await newLot(CARDS)
  const [first, last] = [cards[0], cards.at(-1)]
  if (first === undefined || last === undefined) return
  await beside(t, 'payments alone', () => sleep(3_000))
  const plan = await packs.plan(cards.map(wantedAs))
  t.equal(plan.cards, CARDS)
  let id = 0
  await beside(
    t,
    `making a pack of ${CARDS}`,
    async () => (id = await ok(writePack(office, OLA, plan, { recipient: SHOP }))),
  )
  const activated = await beside(t, `activating ${CARDS} cards`, () =>
    ok(activatePack(office, OLA, { pack: id, skip: true })),
  )
  t.ok(activated.ms < 1_000, `${activated.ms} ms`)
  t.equal((await engine.submit(packs.sale(last))).result, 'approved')
  await beside(t, `killing ${CARDS} cards`, () => ok(killPack(office, OLA, { pack: id })))
  t.equal((await engine.submit(packs.sale(first))).result, 'card_stolen')
})

t.test('for a counterparty: sold, each card loaded', { timeout: 1_200_000 }, async (t) => {
  const cards = await newLot(CARDS)
  const id = await ok(writePack(office, OLA, await packs.plan(cards.map(wantedAs)), { recipient: ACME }))
  await ok(activatePack(office, OLA, { pack: id, skip: true }))
  await ok(askPackSale(office, OLA, { pack: id, amount: 5_000 }))
  await ok(approvePackSale(office, JAN, { pack: id }))
  const parts = { ...office, submit: engine.submit }
  await beside(t, `loading ${CARDS} cards`, () => bookPackLoads(parts, id))
  t.equal(await packs.state(id), 'sold')
  const [rows] = await connection.query('SELECT SUM(ledger) AS n FROM cards WHERE pack_id = ?', [id])
  t.equal(Number((rows as { n: string }[])[0]?.n), CARDS * 5_000)
  t.same((await verifyLedger(access)).faults, [])
})

import { clerkKey } from '../../../../src/core/key.ts'
import { decideApproval, listApprovals } from '../../../../src/office/approvals.ts'
import { dateIn } from '../../../../src/office/clock.ts'
import { decidePayments, enterPayment } from '../../../../src/office/counterparty/payments.ts'
import { isRefused } from '../../../../src/office/refusal.ts'
import { writePack } from '../../../../src/office/pack-making.ts'
import { planOf } from '../../../../src/office/pack-plan.ts'
import { bookPackLoads } from '../../../../src/office/pack-loads.ts'
import { approvePackSale, askPackSale } from '../../../../src/office/pack-sale.ts'
import { activatePack } from '../../../../src/office/packs.ts'
import { proposeSettlement } from '../../../../src/office/settlement/closing.ts'
import type { Settlement } from '../../../../src/office/settlement/figures.ts'
import { showSettlement } from '../../../../src/office/settlement/reading.ts'
import { completeBatch } from '../../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../../src/office/welfare/decide-batch.ts'
import { FINDINGS } from '../../../../src/office/welfare/findings.ts'
import { loadList } from '../../../../src/office/welfare/load-list.ts'
import { proposeBatch, withdrawBatch } from '../../../../src/office/welfare/propose.ts'
import { decideRecall, proposeRecall } from '../../../../src/office/welfare/recall.ts'
import { completeRecall } from '../../../../src/office/welfare/recall-booking.ts'
import { ok } from '../../test-office.ts'
import { wantedAs } from '../../pack-setting.ts'
import type { Player } from './proof-play.ts'
import { ACME, hire, JAN, OLA, type TypedCard, type World } from './proof-world.ts'

/**
 * The work of people beside the tills: packs for a counterparty, batches of an employer, recalls, payments, closings.
 */

const PLN = 985
const WARNINGS = (Object.keys(FINDINGS) as (keyof typeof FINDINGS)[]).filter((code) => FINDINGS[code].weight === 'warning') // prettier-ignore

export type Paid = { readonly day: string; readonly amount: number }
export type Welfare = { readonly batch: number | null; readonly recall: number | null; readonly day: string; readonly count: number; readonly loaded: number; readonly recalled: number } // prettier-ignore
type Employee = { readonly number: number; readonly card: TypedCard }

export function openPeople(world: World, player: Player) {
  const { office, journal, clock, account } = world
  const { random, pick } = player
  const employees: Employee[] = []
  const batches: number[] = []
  const paid: Paid[] = []
  const welfare: Welfare[] = []
  const packs: { readonly cards: number }[] = []
  let references = 0
  const acme = account('counterparty_receivable', ACME, PLN)
  const today = (): string => dateIn(office.timeZone, clock.now)
  const key = clerkKey(0)

  return {
    employees,
    paid,
    welfare,
    packs,
    async sellPack(count: number, amount: number): Promise<readonly TypedCard[]> {
      const cards = await world.newCards(PLN, count, 'inactive')
      const plan = await ok(office.db.use((one) => planOf(one, 'OPEN', cards.map((card, i) => wantedAs(card, i))))) // prettier-ignore
      const pack = await ok(writePack(office, OLA, plan, { recipient: { kind: 'counterparty', code: ACME } }))
      await ok(activatePack(office, OLA, { pack, skip: true }))
      await ok(askPackSale(office, OLA, { pack, amount }))
      await ok(approvePackSale(office, JAN, { pack }))
      if (!(await bookPackLoads(office, pack))) throw new Error(`pack ${pack} is not sold`)
      for (const card of cards) {
        journal.moved(card, amount, { operation: 'pack_sale', day: today(), batch: null, sells: true, account: acme, key }) // prettier-ignore
      }
      packs.push({ cards: count })
      return cards
    },
    /** Cards of a pack that was sold become cards of people. */
    async hireOn(cards: readonly TypedCard[]): Promise<void> {
      await hire(world, employees.length + 1, cards)
      for (const card of cards) employees.push({ number: employees.length + 1, card })
    },
    async loadBatch(): Promise<void> {
      const chosen = employees.filter(({ card }) => journal.lastOf(card).state === 'sold' && random(4) > 0)
      if (chosen.length === 0) return
      const rows = chosen.map((one) => ({ ...one, amount: 100 * (10 + random(60)) }))
      const lines = rows.map(({ number, amount }) => `${number},${amount / 100}`)
      const file = { name: 'list.csv', content: Buffer.from(['employee,amount', ...lines].join('\n')) }
      const loaded = await loadList(office, OLA, { employer: ACME, file })
      if (isRefused(loaded)) throw new Error(`a list is refused: ${loaded.refused}`)
      const { id } = loaded
      if (isRefused(await proposeBatch(office, OLA, { id, reason: 'proof', accept: WARNINGS }))) {
        return void (await ok(withdrawBatch(office, OLA, { id, reason: 'stops' })))
      }
      if (random(6) === 0) return void (await ok(decideBatch(office, JAN, { id, approve: false, reason: 'no' })))
      await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
      const { state } = await ok(completeBatch(office, id))
      if (state !== 'booked') throw new Error(`batch ${id} is ${state}`)
      batches.push(id)
      for (const { card, amount } of rows) {
        journal.moved(journal.lastOf(card), amount, { operation: 'welfare_load', day: today(), batch: id, sells: false, account: acme, key }) // prettier-ignore
      }
      const loadedSum = rows.reduce((sum, { amount }) => sum + amount, 0)
      welfare.push({ batch: id, recall: null, day: today(), count: rows.length, loaded: loadedSum, recalled: 0 })
    },
    /** The remainder of a batch on one person's card, or of all batches. */
    async recall(): Promise<void> {
      const one = pick(employees)
      const batch = random(2) === 0 ? null : (pick(batches) ?? null)
      if (one === undefined) return
      const proposed = await proposeRecall(office, OLA, { employer: ACME, batch, employees: [String(one.number)], reason: 'proof' }) // prettier-ignore
      if (isRefused(proposed)) return
      await ok(decideRecall(office, JAN, { id: proposed.id, approve: true, reason: '' }))
      const { taken } = await ok(completeRecall(office, proposed.id))
      if (taken === null || taken === 0) return
      journal.moved(journal.lastOf(one.card), -taken, { operation: 'welfare_recall', day: today(), batch, sells: false, account: acme, key }) // prettier-ignore
      welfare.push({ batch, recall: proposed.id, day: today(), count: 1, loaded: 0, recalled: -taken })
    },
    async pay(): Promise<void> {
      const amount = 100 * (1 + random(5_000))
      references += 1
      const wish = {
        counterparty: ACME,
        currency: PLN,
        amount,
        paidOn: today(),
        reference: `FT${references}`,
        note: '',
      }
      const { proposal } = await ok(enterPayment(office, OLA, wish))
      const approve = random(5) > 0
      await ok(decidePayments(office, JAN, { id: proposal, approve, reason: '' }))
      if (approve) paid.push({ day: today(), amount })
    },
    async close(from: string, to: string): Promise<Settlement> {
      const { id } = await ok(proposeSettlement(office, OLA, { from, to, stores: null, reason: 'proof' }))
      const [one] = (await listApprovals(office, JAN, { open: true })).filter(({ kind }) => kind === 'settlement')
      if (one === undefined) throw new Error('no settlement waits')
      await ok(decideApproval(office, JAN, { kind: 'settlement', id: one.id, approve: true, reason: 'proof', version: one.version })) // prettier-ignore
      return (await ok(showSettlement(office, OLA, { id }))).settlement
    },
  }
}

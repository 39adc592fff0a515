import fc from 'fast-check'
import { foldOnce } from '../../../src/db/folding.ts'
import { REPORT_SUMS } from '../../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../../src/db/search-rows.ts'
import { expireOverdue } from '../../../src/office/expiry.ts'
import { FINDINGS } from '../../../src/office/welfare/findings.ts'
import { listFindings } from '../../../src/office/welfare/batches.ts'
import { bookBatch, type BookingStep, completeBatch } from '../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { employeeLeaves, linkCard } from '../../../src/office/welfare/employees.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { proposeBatch, withdrawBatch } from '../../../src/office/welfare/propose.ts'
import { decideRecall, proposeRecall } from '../../../src/office/welfare/recall.ts'
import { bookRecall, completeRecall } from '../../../src/office/welfare/recall-booking.ts'
import type { Office } from '../../../src/office/office.ts'
import { isRefused } from '../../../src/office/refusal.ts'
import { numberOf } from '../../engine/engine-setting.ts'
import type { Verdict } from '../../planting.ts'
import { ok } from '../test-office.ts'
import { Finding, must, mustAgree, mustRollForward, mustShow, same } from './history-books.ts'
import { Company, MAXIMUM, type Member, PEOPLE, sum, Times } from './history-company.ts'
import { csv, JAN, OLA, type WelfareSetting } from './welfare-setting.ts'

/**
 * An employer's months against a model with portions of its own: lists with good and wrong rows, refused and withdrawn
 * ones, two processes that book at once and die; cards that are paid with, blocked, replaced, expired and closed while
 * loads are staged on them; recalls. After each step every balance, the employer's statement, the reports of welfare
 * and counterparties, the roll-forward and the ledger must agree with the model.
 */

const person = fc.nat(PEOPLE - 1)
const amount = fc.integer({ min: 100, max: 45_000 })

/** Events of a card while a load is staged on it. */
const BESIDE = fc.record({
  what: fc.constantFrom('pay', 'pay_too_much', 'fill', 'block', 'replace', 'replace', 'expire', 'close'),
  who: person,
  amount,
})
const STEP = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      step: fc.constant('batch' as const),
      rows: fc.uniqueArray(fc.record({ who: person, amount, isNamed: fc.boolean() }), {
        selector: ({ who }) => who,
        minLength: 1,
        maxLength: PEOPLE,
      }),
      end: fc.constantFrom('book', 'book', 'book', 'refuse', 'withdraw', 'relink', 'duplicate', 'die'),
      isReplacedFirst: fc.boolean(),
      beside: fc.array(BESIDE, { maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('pay' as const), who: person, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('recall' as const),
      batch: fc.option(fc.nat(3)),
      who: fc.option(person),
      pays: fc.array(fc.record({ who: person, amount }), { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 72 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constantFrom('leave', 'unlink', 'block', 'unblock', 'replace', 'expire', 'close'),
      who: person,
    }),
  },
)
type Step = typeof STEP extends fc.Arbitrary<infer S> ? S : never
const FOLDS = [SEARCH_ROWS, REPORT_SUMS] as const

type Batch = Extract<Step, { step: 'batch' }>
type Recall = Extract<Step, { step: 'recall' }>
type Beside = Batch['beside'][number]

/** Two offices on one database: two processes. */
export async function playHistories(
  world: WelfareSetting,
  offices: readonly [Office, Office],
  histories: number,
  seed: number,
  times: Times,
): Promise<Verdict> {
  await world.changeOpen(
    `maximum_balance = ${MAXIMUM}, top_up_minimum = 1, top_up_maximum = ${MAXIMUM}, top_up_step = 1,
    top_up_count = NULL, daily_count = NULL, daily_amount = NULL`,
    offices,
  )
  // Cards of the demo that are past their last day by then, on a day that no history has.
  await expireOverdue(offices[0], '2026-12-31')
  let played = 0
  let finding: string | null = null
  await fc.check(
    fc.asyncProperty(fc.array(STEP, { minLength: 3, maxLength: 9 }), async (steps) => {
      played += 1
      let at = ''
      try {
        times.now = Times.BEGIN
        const company = await Company.founded(world, played, times)
        const days = new Set<string>()
        for (const [i, step] of steps.entries()) {
          at = `step ${i + 1}, ${JSON.stringify(step)}`
          await play(company, offices, step)
          await mustAgree(company, offices[1])
          days.add(times.day())
          await mustRollForward(company, offices[1], [times.day()])
        }
        await mustRollForward(company, offices[1], [...days])
        // The starting point of the next history is folded, at least in part; its own steps are not.
        await offices[0].db.use((one) => foldOnce(one, FOLDS, { batches: 500, ids: 100_000 }))
        same(await world.verified(), [], 'the ledger')
      } catch (error) {
        const said = error instanceof Finding ? error.message : String((error as Error).stack)
        finding = `AKART_MODEL_SEED=${seed}, history ${played}, ${at}: ${said}`
      }
      return finding === null
    }),
    { numRuns: histories, seed, endOnFailure: true },
  )
  return { finding, histories: played }
}

async function play(company: Company, offices: readonly [Office, Office], step: Step): Promise<void> {
  switch (step.step) {
    case 'batch':
      return batch(company, offices, step)
    case 'recall':
      return recall(company, offices, step)
    case 'pay':
      return pay(company, company.of(step.who), step.amount)
    case 'replace':
      return replace(company, company.of(step.who))
    case 'wait':
      company.times.now += step.hours * 3_600_000
      return
    case 'expire':
      return expire(company, offices[0], company.of(step.who))
    case 'close':
      return close(company, company.of(step.who))
    case 'leave':
    case 'unlink':
    case 'block':
    case 'unblock': {
      const member = company.of(step.who)
      const who = { employer: company.code, number: member.number }
      if (step.step === 'leave') {
        await ok(employeeLeaves(offices[0], OLA, who))
        member.left = true
      } else if (step.step === 'unlink') {
        if (member.linked) await ok(linkCard(offices[0], OLA, { ...who, card: null }))
        member.linked = false
      } else await block(company, member, step.step === 'block')
    }
  }
}

async function pay({ world, times }: Company, member: Member, wanted: number): Promise<void> {
  const result = await world.pay(member.card, wanted)
  const fits = member.isGood() && wanted <= member.balance()
  must((result === 'approved') === fits, `a payment of ${wanted} of ${member.balance()} is ${result}`)
  if (!fits) return
  member.spend(wanted)
  times.today().paid += wanted
}

/** The card expires: its money becomes breakage; a staged load still reaches it when the batch is booked. */
async function expire({ world, times }: Company, office: Office, member: Member): Promise<void> {
  if (member.isDead()) return
  await world.rows("UPDATE cards SET valid_until = '2026-09-30' WHERE id = ?", [member.card.id])
  const run = await expireOverdue(office, times.day())
  same(run, { expired: 1, left: 0, busy: 0 }, 'a run of the expiry')
  times.today().expired += member.balance()
  member.spend(member.balance())
  member.expired = true
}

async function close({ world }: Company, member: Member): Promise<void> {
  if (member.isDead()) return
  await world.rows("UPDATE cards SET state = 'closed' WHERE id = ?", [member.card.id])
  member.closed = true
}

async function block({ world }: Company, member: Member, isBlocked: boolean): Promise<void> {
  await world.rows(`UPDATE cards SET block = ${isBlocked ? "'lost'" : 'NULL'} WHERE id = ?`, [member.card.id])
  member.blocked = isBlocked
}

/** A duplicate takes the card's money over; a staged load follows when the batch is booked. */
async function replace({ world }: Company, member: Member): Promise<void> {
  if (!member.isGood() || member.replaced >= 3) return
  const [fresh] = await world.unsoldCards(1)
  if (fresh === undefined) throw new Error('no card')
  const request = world.request('duplicate', member.card, 0)
  if (request.ask.act !== 'operation') throw new Error('no operation')
  const { result } = await world.office.submit({ ...request, ask: { ...request.ask, amount: null, successor: numberOf(fresh) } }) // prettier-ignore
  // There is no duplicate of a card with nothing on it.
  const isEmpty = member.balance() === 0
  must(result === (isEmpty ? 'exceeds_balance' : 'approved'), `a duplicate of ${member.balance()} is ${result}`)
  if (!isEmpty) member.replacedBy(fresh)
}

const weightOf = (code: keyof typeof FINDINGS): string => FINDINGS[code].weight
const WARNINGS = (Object.keys(FINDINGS) as (keyof typeof FINDINGS)[]).filter((code) => weightOf(code) === 'warning')

async function batch(company: Company, offices: readonly [Office, Office], plan: Batch): Promise<void> {
  const [office, other] = offices
  const rows = plan.rows.map((row) => ({ ...row, member: company.of(row.who) }))
  const lines = rows.map(
    ({ member, amount: wanted, isNamed }) =>
      `${member.number},${isNamed ? member.first.number : ''},${(wanted / 100).toFixed(2)}`,
  )
  const list = () => csv(`${company.batches.length}.csv`, 'employee,card,amount', ...lines)
  const loaded = await loadList(office, OLA, { employer: company.code, file: list() })
  const isKnown = company.lists.has([...lines].join(' '))
  if (isKnown || isRefused(loaded)) {
    must(isKnown && isRefused(loaded) && loaded.refused === 'list_loaded_before', 'the same list again is taken')
    return
  }
  const { id } = loaded
  const found = await ok(listFindings(office, OLA, { id }))
  const stopped = [...new Set(found.filter(({ code }) => weightOf(code) === 'stop').map(({ line }) => line))]
  const wrong = rows.flatMap(({ member, amount: wanted }, i) => (member.takes(wanted) ? [] : [i + 2]))
  same(stopped, wrong, 'rows that stop the batch')
  // Before it is proposed: the load is for the card that stands then.
  if (plan.isReplacedFirst && wrong.length === 0 && rows[0] !== undefined) await replace(company, rows[0].member)
  const proposed = await proposeBatch(other, OLA, { id, reason: 'history', accept: WARNINGS })
  same(isRefused(proposed) ? proposed.refused : null, wrong.length > 0 ? 'batch_has_stops' : null, 'the proposal')
  if (isRefused(proposed) || plan.end === 'withdraw') return void (await ok(withdrawBatch(office, OLA, { id, reason: '' }))) // prettier-ignore
  const [first] = rows
  if (plan.end === 'relink') await relink(company, other, first?.member)
  const replaced = first?.member.replaced
  if (plan.end === 'duplicate' && first !== undefined) await replace(company, first.member)
  if (plan.end === 'relink' || first?.member.replaced !== replaced) {
    const slipped = await decideBatch(office, JAN, { id, approve: true, reason: '' })
    must(isRefused(slipped), 'a card that nobody has proposed is loaded')
    return void (await ok(withdrawBatch(office, OLA, { id, reason: '' })))
  }
  const decision = { id, approve: plan.end !== 'refuse', reason: '' }
  await ok(decideBatch(office, JAN, decision))
  if (!decision.approve) return
  await book(company, offices, id, plan, rows)
  same((await ok(completeBatch(other, id))).state, 'booked', 'the batch')
  for (const { member, amount: wanted } of rows) {
    member.load(id, wanted)
    company.times.today().welfare += wanted
  }
  company.lists.add([...lines].join(' '))
  const again = await loadList(other, OLA, { employer: company.code, file: list() })
  must(isRefused(again) && again.refused === 'list_loaded_before', 'the same list is taken twice')
  company.batches.push(id)
}

/** On another card. */
const NEW = 20_00

/** The employee gets another card, which nobody has approved. */
async function relink(company: Company, office: Office, member: Member | undefined): Promise<void> {
  const [card] = await company.world.soldCards(1, NEW)
  if (member === undefined || card === undefined) throw new Error('nobody')
  const who = { employer: company.code, number: member.number }
  await ok(linkCard(office, OLA, { ...who, card: card.number }))
  member.another(card, NEW)
}

/** Both processes at once; while loads lie staged, things happen to their cards. */
async function book(
  company: Company,
  offices: readonly [Office, Office],
  id: number,
  plan: Batch,
  rows: readonly { readonly member: Member; readonly amount: number }[],
): Promise<void> {
  let dies = plan.end === 'die'
  let isStaged = false
  const progress = async ({ step }: BookingStep): Promise<void> => {
    if (step !== 'staged' || isStaged) return
    isStaged = true
    for (const beside of plan.beside) await besideStaged(company, offices[0], beside, rows)
    await mustShow(company, 'before it is booked')
    if (!dies) return
    dies = false
    throw new Error('the process dies')
  }
  await Promise.all(offices.map((office) => bookBatch(office, id, progress).catch(died)))
}

/** A difference found by the model is not a crash. */
function died(error: unknown): boolean {
  if (error instanceof Finding) throw error
  return false
}

async function besideStaged(
  company: Company,
  office: Office,
  { what, who, amount: wanted }: Beside,
  rows: readonly { readonly member: Member; readonly amount: number }[],
): Promise<void> {
  const member = company.of(who)
  const staged = rows.find((row) => row.member === member)?.amount ?? 0
  if (what === 'pay') return pay(company, member, wanted)
  if (what === 'pay_too_much') return pay(company, member, member.balance() + 1)
  if (what === 'block') return block(company, member, true)
  if (what === 'replace') return replace(company, member)
  if (what === 'expire') return expire(company, office, member)
  if (what === 'close') return close(company, member)
  // A top-up that leaves no room for what is staged is refused, and the one that just does is taken.
  if (!member.isGood() || staged === 0 || member.replaced > 0) return
  const room = MAXIMUM - member.balance() - staged
  must((await company.topUp(member, room + 1)) !== 'approved', 'a top-up takes the room of a staged load')
  if (room > 0) must((await company.topUp(member, room)) === 'approved', 'a top-up beside a staged load is refused')
  if (room > 0) member.give('own', room)
}

async function recall(company: Company, [office, other]: readonly [Office, Office], plan: Recall): Promise<void> {
  const batchId = plan.batch === null ? null : (company.batches[plan.batch] ?? null)
  if (batchId === null && plan.who === null) return
  const members = plan.who === null ? company.members : [company.of(plan.who)]
  const wanted = members.map((member) => member.unspent(batchId))
  const employees = plan.who === null ? null : members.map(({ number }) => number)
  const proposed = await proposeRecall(office, OLA, { employer: company.code, batch: batchId, employees, reason: 'x' })
  const most = sum(wanted.flat())
  if (most === 0 || isRefused(proposed)) {
    must(most === 0 && isRefused(proposed) && proposed.refused === 'nothing_to_recall', `a recall of ${most} is ${isRefused(proposed) ? proposed.refused : 'taken'}`) // prettier-ignore
    return
  }
  same(proposed.unspent, most, 'what can be recalled')
  await ok(decideRecall(other, JAN, { id: proposed.id, approve: true, reason: '' }))
  for (const { who, amount: spent } of plan.pays) await pay(company, company.of(who), spent)
  // A card that has expired or is closed gives nothing back.
  const taken = members.map((member, i) => (member.isDead() ? 0 : member.recall(batchId, wanted[i] ?? [])))
  company.times.today().recalled += sum(taken)
  await Promise.all([bookRecall(office, proposed.id), bookRecall(other, proposed.id)])
  const done = await ok(completeRecall(other, proposed.id))
  same([done.state, done.taken], ['booked', sum(taken)], 'what a recall took')
}

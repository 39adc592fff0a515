/** The load generator: sends requests at a given rate, independent of the answers. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from '../../src/iso8583/message.ts'
import { SetUpError } from '../set-up-error.ts'
import { connectHint } from '../terminal/suggest.ts'
import { type Connection, openConnection } from './connection.ts'
import { newFlight, type Pending } from './flight.ts'
import { drawOperation, drawWithin } from './mix.ts'
import { packingOf, sealOf } from './outbox.ts'
import { paceOf } from './pace.ts'
import type { Plan } from './plan.ts'
import { requestMaker, secondClock } from './requests.ts'
import { recordAnswer, type Statistics, toMicroseconds } from './statistics.ts'

const CONNECT_MS = 5_000
/** Lines that are opened beside each other: a storm of thousands overflows the queue of the listener. */
const OPENED_AT_ONCE = 200
const ANSWER_MS = 10_000
const DRAIN_MS = 5_000
/** With more open requests than this in an open loop the switch is overloaded: the rest of the plan is counted as unsent. */
const MOST_IN_FLIGHT = 200_000

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index % list.length]
  if (found === undefined) throw new RangeError('an empty list in the plan')
  return found
}

export type Load = { inFlight: () => number; losses: () => number; ended: Promise<void> }

/** The request makers and MACs of each till. */
function makersOf(plan: Plan) {
  const clock = secondClock(Date.now)
  const makers = new Map(
    [...new Set(plan.tills)].map((till) => [till, { maker: requestMaker(till, plan, clock), seal: sealOf(till) }]),
  )
  return (till: number) => {
    const found = makers.get(at(plan.tills, till))
    if (!found) throw new RangeError(`till ${till} has no terminal`)
    return found
  }
}

/** Whether an approval is followed by its 0202. */
const confirms = ({ mix, tills }: Plan, { name, till }: Pending, code: string): boolean =>
  mix.confirm &&
  (name === 'payment' || name === 'topup') &&
  (code === '00' || code === '10') &&
  at(tills, till).confirmation === 'explicit'

/** Makes and sends the requests of a plan, and takes the answers. `next` is for places of the closed loop. */
function sender(plan: Plan, statistics: Statistics, isOver: () => boolean, counted: () => void) {
  const tillOf = makersOf(plan)
  const packing = packingOf(plan.profile, plan.peer.framing, plan.connections)
  const flight = newFlight()
  const idle = new Set<number>()
  const thinking = new Set<NodeJS.Timeout>()
  const connections: Connection[] = []

  const put = (pending: Pending): boolean => {
    if (!at(connections, pending.connection).send(pending.message, tillOf(pending.till).seal)) return false
    statistics.rows[pending.name].sent++
    if (pending.name !== 'confirm') statistics.series.sent(pending.sentAt)
    flight.add(pending)
    return true
  }
  const request = (till: number, slot: number | null, plannedAt: number): boolean => {
    const name = drawOperation(plan.mix, Math.random())
    const card = at(plan.cards, Math.floor(Math.random() * plan.cards.length))
    const message = tillOf(till).maker.request(name, card, Math.random())
    const connection = till % plan.connections
    return put({ name, message, till, slot, connection, plannedAt, sentAt: performance.now() })
  }
  const next = (slot: number) => {
    if (isOver()) return
    if (request(slot, slot, performance.now())) counted()
    else idle.add(slot)
  }
  const later = (ms: number, slot: number) => {
    if (ms <= 0) return next(slot)
    const timer = setTimeout(() => {
      thinking.delete(timer)
      next(slot)
    }, ms)
    thinking.add(timer)
  }
  const onAnswer = (answer: Message) => {
    const pending = flight.take(answer)
    if (!pending) return void statistics.unmatched++
    const now = performance.now()
    const code = answer.fields[39] ?? '--'
    recordAnswer(statistics, pending.name, code, now - pending.plannedAt, now)
    if (confirms(plan, pending, code)) {
      const message = tillOf(pending.till).maker.confirmation(pending.message)
      if (put({ ...pending, name: 'confirm', message, plannedAt: now, sentAt: now })) return
    }
    if (pending.slot !== null) later(drawWithin(plan.mix.think, Math.random()), pending.slot)
  }
  const giveUp = (pendings: Pending[]) => {
    statistics.unanswered += pendings.length
    for (const { slot } of pendings) if (slot !== null) next(slot)
  }
  const wake = () => {
    const slots = [...idle]
    idle.clear()
    slots.forEach(next)
  }
  const open = (index: number): Connection =>
    openConnection(plan.peer, packing, {
      answer: onAnswer,
      nonsense: () => void statistics.unreadable++,
      open: wake,
      lost: () => giveUp(flight.takeConnection(index)),
    })
  return { connections, flight, request, next, later, open, giveUp, stopThinking: () => thinking.forEach(clearTimeout) }
}

/** Opens all lines, some at a time. Throws a SetUpError where one cannot be opened. */
async function connected(plan: Plan, { connections, open }: ReturnType<typeof sender>, signal: AbortSignal) {
  const { host, port } = plan.peer.address
  while (connections.length < plan.connections && !signal.aborted) {
    const from = connections.length
    const most = Math.min(OPENED_AT_ONCE, plan.connections - from)
    connections.push(...Array.from({ length: most }, (_, i) => open(from + i)))
    const since = performance.now()
    while (!connections.slice(from).every((one) => one.isOpen())) {
      if (signal.aborted) return
      if (performance.now() - since > CONNECT_MS) {
        const why = connections.find((one) => !one.isOpen())?.problem() ?? 'no answer'
        const which = from === 0 ? '' : `line ${from + 1} of ${plan.connections}: `
        throw new SetUpError(`${which}cannot connect to ${host}:${port}: ${why}. ${connectHint(why)}`.trim())
      }
      await sleep(2)
    }
  }
}

/**
 * Sends the planned load until its end or the signal, then waits for the open answers. Open loop: each request is due
 * at a moment, and its latency counts from then, whether it could leave in time or not. Closed loop: `outstanding`
 * callers, each sending its next request after the answer and a pause.
 */
export function startLoad(plan: Plan, statistics: Statistics, signal: AbortSignal): Load {
  let planned = 0
  let stopping = false
  const isOver = () => stopping || signal.aborted || (plan.count !== null && planned >= plan.count)
  const parts = sender(plan, statistics, isOver, () => void planned++)
  const { flight, connections } = parts

  const openLoop = async (rate: number) => {
    const { firstAt } = statistics
    const pace = paceOf(rate, plan.ramp)
    const until = plan.seconds ?? Infinity
    const last = Math.min(pace.until(until), plan.count ?? Infinity)
    while (!isOver()) {
      const elapsed = Math.min((performance.now() - firstAt) / 1_000, until)
      const due = Math.min(pace.dueBy(elapsed), last)
      for (; planned < due && !signal.aborted; planned++) {
        const plannedAt = firstAt + pace.dueAt(planned) * 1_000
        if (flight.size() >= MOST_IN_FLIGHT || !parts.request(planned, null, plannedAt)) statistics.unsent++
        else statistics.lateness.record(toMicroseconds(performance.now() - plannedAt))
      }
      if (elapsed >= until) return
      await sleep(1)
    }
  }
  const closedLoop = async () => {
    const until = plan.seconds === null ? Infinity : plan.seconds * 1_000
    // Tills that think don't begin all in the same moment.
    for (let slot = 0; slot < plan.outstanding; slot++)
      parts.later((plan.ramp * 1_000 * slot) / plan.outstanding + Math.random() * plan.mix.think.most, slot)
    while (!isOver() && performance.now() - statistics.firstAt < until) await sleep(10)
  }
  const drained = async () => {
    const since = performance.now()
    while (flight.size() > 0 && performance.now() - since < DRAIN_MS) await sleep(5)
    statistics.unanswered += flight.takeAll().length
  }
  const run = async () => {
    const sweep = setInterval(() => parts.giveUp(flight.takeOlder(performance.now() - ANSWER_MS)), 1_000)
    try {
      await connected(plan, parts, signal)
      statistics.firstAt = performance.now()
      statistics.lastAt = statistics.firstAt
      await (plan.rate === null ? closedLoop() : openLoop(plan.rate))
      stopping = true
      await drained()
    } finally {
      stopping = true
      clearInterval(sweep)
      parts.stopThinking()
      for (const connection of connections) connection.end()
    }
  }
  return {
    inFlight: flight.size,
    losses: () => connections.reduce((sum, connection) => sum + connection.losses(), 0),
    ended: run(),
  }
}

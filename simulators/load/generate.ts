import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from '../../src/iso8583/message.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { SetUpError } from '../set-up-error.ts'
import { type Connection, openConnection } from './connection.ts'
import { newFlight, type Pending } from './flight.ts'
import { drawOperation } from './mix.ts'
import type { Plan } from './plan.ts'
import { requestMaker, secondClock } from './requests.ts'
import { recordAnswer, type Statistics, toMicroseconds } from './statistics.ts'

const CONNECT_MS = 2_000
const ANSWER_MS = 10_000
const DRAIN_MS = 5_000
/** More than this in the air in an open loop, and the switch has drowned: the rest of the plan is counted as unsent. */
const MOST_IN_FLIGHT = 200_000

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index % list.length]
  if (found === undefined) throw new RangeError('an empty list in the plan')
  return found
}

export type Load = { inFlight: () => number; losses: () => number; ended: Promise<void> }

/**
 * Sends what the plan says until its end or the signal, then waits for the answers that are still out.
 * Open loop: request i is due at i/rate and its latency counts from then, whether or not it could leave in time.
 * Closed loop: `outstanding` places, each sending its next request when it has its answer.
 */
export function startLoad(plan: Plan, profile: Profile, statistics: Statistics, signal: AbortSignal): Load {
  const clock = secondClock(Date.now)
  const terminals = [...new Set(plan.tills)]
  const makers = new Map(terminals.map((terminal) => [terminal, requestMaker(terminal, plan, clock)]))
  const flight = newFlight()
  const idle = new Set<number>()
  let planned = 0
  let stopping = false

  const makerOf = (till: number) => {
    const maker = makers.get(at(plan.tills, till))
    if (!maker) throw new RangeError(`till ${till} has no terminal`)
    return maker
  }
  const isOver = () => stopping || signal.aborted || (plan.count !== null && planned >= plan.count)

  const put = (pending: Pending): boolean => {
    if (!at(connections, pending.connection).send(pending.message)) return false
    statistics.rows[pending.name].sent++
    flight.add(pending)
    return true
  }
  const sendRequest = (till: number, slot: number | null, plannedAt: number): boolean => {
    const name = drawOperation(plan.mix, Math.random())
    const card = at(plan.cards, Math.floor(Math.random() * plan.cards.length))
    const message = makerOf(till).request(name, card)
    const connection = till % plan.connections
    return put({ name, message, till, slot, connection, plannedAt, sentAt: performance.now() })
  }
  const next = (slot: number) => {
    if (isOver()) return
    if (sendRequest(slot, slot, performance.now())) planned++
    else idle.add(slot)
  }
  const confirms = (pending: Pending, code: string) =>
    plan.mix.confirm &&
    (pending.name === 'payment' || pending.name === 'topup') &&
    (code === '00' || code === '10') &&
    at(plan.tills, pending.till).confirmation === 'explicit'

  const onAnswer = (answer: Message) => {
    const pending = flight.take(answer)
    if (!pending) return void statistics.unmatched++
    const now = performance.now()
    const code = answer.fields[39] ?? '--'
    recordAnswer(statistics, pending.name, code, now - pending.plannedAt, now)
    if (confirms(pending, code)) {
      const message = makerOf(pending.till).confirmation(pending.message)
      if (put({ ...pending, name: 'confirm', message, plannedAt: now, sentAt: now })) return
    }
    if (pending.slot !== null) next(pending.slot)
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
  const connections: Connection[] = Array.from({ length: plan.connections }, (_, index) =>
    openConnection(plan.target, profile, {
      answer: onAnswer,
      nonsense: () => void statistics.unreadable++,
      open: wake,
      lost: () => giveUp(flight.takeConnection(index)),
    }),
  )

  const openLoop = async (rate: number) => {
    const { firstAt } = statistics
    const until = plan.seconds === null ? Infinity : plan.seconds * 1_000
    const last = Math.min(Math.ceil((until / 1_000) * rate), plan.count ?? Infinity)
    while (!isOver()) {
      const elapsed = Math.min(performance.now() - firstAt, until)
      const due = Math.min(Math.floor((elapsed / 1_000) * rate) + 1, last)
      for (; planned < due && !signal.aborted; planned++) {
        const plannedAt = firstAt + (planned / rate) * 1_000
        if (flight.size() >= MOST_IN_FLIGHT || !sendRequest(planned, null, plannedAt)) statistics.unsent++
        else statistics.lateness.record(toMicroseconds(performance.now() - plannedAt))
      }
      if (elapsed >= until) return
      await sleep(1)
    }
  }
  const closedLoop = async () => {
    const until = plan.seconds === null ? Infinity : plan.seconds * 1_000
    for (let slot = 0; slot < plan.outstanding; slot++) next(slot)
    while (!isOver() && performance.now() - statistics.firstAt < until) await sleep(10)
  }
  const connected = async () => {
    const since = performance.now()
    while (!connections.every((connection) => connection.isOpen())) {
      if (signal.aborted) return
      if (performance.now() - since > CONNECT_MS)
        throw new SetUpError(`cannot connect to ${plan.target.host}:${plan.target.port}. Is the switch up? (make run)`)
      await sleep(10)
    }
  }
  const drained = async () => {
    const since = performance.now()
    while (flight.size() > 0 && performance.now() - since < DRAIN_MS) await sleep(5)
    statistics.unanswered += flight.takeAll().length
  }
  const run = async () => {
    const sweep = setInterval(() => giveUp(flight.takeOlder(performance.now() - ANSWER_MS)), 1_000)
    try {
      await connected()
      statistics.firstAt = performance.now()
      statistics.lastAt = statistics.firstAt
      await (plan.rate === null ? closedLoop() : openLoop(plan.rate))
      stopping = true
      await drained()
    } finally {
      stopping = true
      clearInterval(sweep)
      for (const connection of connections) connection.end()
    }
  }
  return {
    inFlight: flight.size,
    losses: () => connections.reduce((sum, connection) => sum + connection.losses(), 0),
    ended: run(),
  }
}

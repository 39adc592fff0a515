import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGremlin, usualGremlin } from '../../simulators/gremlin/gremlin.ts'
import type { HostCard } from '../../simulators/host/cards.ts'
import { startHost, usualHost } from '../../simulators/host/host.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { type Account, disagreements } from './agreement.ts'
import { about, payment, PREFIX, type RoutingSetting, type Switch, type Told } from './routing-setting.ts'

/**
 * A few messages of one terminal about one card of another host, some at once, while host and line misbehave; then both
 * heal. Whatever happened: terminal, journal and host agree in the end, or a case is open.
 */
type Step = {
  readonly act: 'payment' | 'top_up' | 'refund' | 'repeat' | 'confirm' | 'cancel' | 'reverse' | 'wait'
  /** The earlier request that it is about. */
  readonly of: number
  readonly amount: number
  /** Sent with the one before, without waiting for it. */
  readonly atOnce: boolean
}
export type History = { readonly host: string; readonly line: string; readonly steps: readonly Step[] }

const HOST_RULES = [
  '', '', 'silent on=0200 percent=50', 'deaf on=0200 percent=50', 'late ms=350 percent=40', 'wrong-stan percent=30',
  'double percent=50', 'half percent=30', 'garbage percent=30', 'hang-up percent=30', 'drop percent=30',
  'crossed ms=30 percent=50', 'wrong-amount percent=40', 'decline code=05 percent=50', 'slow ms=60 percent=60',
  'silent on=0400 percent=60', 'silent on=0420 first=2', 'decline code=96 on=0420 first=3',
] as const // prettier-ignore

const LINE_RULES = [
  '', '', 'cut to=client percent=20', 'cut to=server percent=20', 'lose to=client percent=30', 'lose to=server percent=30',
  'double to=server percent=40', 'double to=client percent=40', 'hold ms=350 to=client percent=30',
  'hold ms=60 to=server percent=40', 'swap ms=40 percent=40', 'halve to=client percent=20', 'halve to=server percent=20',
  'reset percent=20', 'split bytes=7 ms=1 percent=50',
] as const // prettier-ignore

const STEP: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('payment', 'payment', 'payment', 'top_up', 'refund', 'repeat', 'confirm', 'cancel', 'reverse', 'reverse', 'wait'),
  of: fc.nat(3),
  amount: fc.constantFrom(100, 2_500, 15_000),
  atOnce: fc.boolean(),
}) // prettier-ignore

export const HISTORY: fc.Arbitrary<History> = fc.record({
  host: fc.constantFrom(...HOST_RULES),
  line: fc.constantFrom(...LINE_RULES),
  steps: fc.array(STEP, { minLength: 1, maxLength: 6 }),
})

/** One host, one line and one upstream: histories go through it one after the other. */
export type Lane = { readonly play: (history: History) => Promise<string[]> }

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export async function openLane(t: Teardown, setting: RoutingSetting, upstream: string): Promise<Lane> {
  const host = await startHost({ ...usualHost(), cards: CARDS })
  t.teardown(host.stop)
  const gremlin = await startGremlin(usualGremlin({ host: host.host, port: host.port }))
  t.teardown(gremlin.stop)
  const through = await setting.open(upstream, gremlin.port)
  let number = 0

  return {
    async play({ host: hostRule, line, steps }) {
      const card = CARDS[number % CARDS.length]?.number ?? ''
      const terminal = `${number++ % 3 === 0 ? 'O' : 'E'}${upstream}`.slice(0, 8)
      host.setRules(hostRule === '' ? [] : [hostRule])
      gremlin.setRules(line === '' ? [] : [line])
      const accounts = await playSteps(through, steps, terminal, card)
      host.setRules([])
      gremlin.setRules([])
      await setting.settled(upstream)
      return disagreements(setting, upstream, host, accounts)
    },
  }
}

const CARDS: readonly HostCard[] = Array.from({ length: 60 }, (_, i) => ({
  number: withCheckDigit(`${PREFIX}${String(i + 1).padStart(9, '0')}`),
  state: 'sold',
  balance: 100_000_00,
}))

function withCheckDigit(body: string): string {
  const sum = Array.from(body)
    .reverse()
    .reduce((total, digit, i) => {
      const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

const CODES = { payment: '006000', top_up: '210060', refund: '200060' } as const

async function playSteps(through: Switch, steps: readonly Step[], terminal: string, card: string): Promise<Account[]> {
  const sent: Message[] = []
  const accounts: Promise<Account>[] = []
  for (const step of steps) {
    if (!step.atOnce) await Promise.all(accounts)
    if (step.act === 'wait') {
      await sleep(30)
      continue
    }
    const asked = messageOf(step, sent, terminal, card)
    if (asked === null) continue
    if (step.act !== 'repeat') sent.push(asked)
    accounts.push(
      through
        .send(asked)
        .then((told: Told) => ({ stan: asked.fields[11] ?? '', transmitted: asked.fields[7] ?? '', told })),
    )
  }
  return Promise.all(accounts)
}

function messageOf(
  { act, of, amount }: Step,
  sent: readonly Message[],
  terminal: string,
  card: string,
): Message | null {
  const original = sent[of % Math.max(1, sent.length)] ?? null
  switch (act) {
    case 'payment':
    case 'top_up':
    case 'refund':
      return payment(terminal, card, amount, { 3: CODES[act] })
    case 'repeat':
      return original === null
        ? null
        : { ...original, mti: `${original.mti.slice(0, 3)}${Number(original.mti[3]) | 1}` }
    case 'confirm':
      return original === null ? null : about('0202', original)
    case 'cancel':
      return original === null ? null : about('0400', original)
    case 'reverse':
      return original === null ? null : about('0420', original)
    case 'wait':
      return null
  }
}

/** Plays random histories in these lanes; reports the first one with a fault, with a way to repeat it. */
export async function playHistories(lanes: readonly Lane[], count: number, seed: number): Promise<string[]> {
  const histories = fc.sample(HISTORY, { numRuns: count, seed })
  const wrong: string[] = []
  let next = 0
  await Promise.all(
    lanes.map(async (lane) => {
      while (next < histories.length && wrong.length === 0) {
        const number = next++
        const history = histories[number]
        if (history === undefined) return
        const faults = await lane.play(history).catch((error: unknown) => [String(error)])
        if (faults.length > 0) wrong.push(`seed ${seed}, history ${number}: ${JSON.stringify(history)}`, ...faults)
      }
    }),
  )
  return wrong
}

import type { Message } from '../../src/iso8583/message.ts'
import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { toAmountField } from '../terminal/amount.ts'
import { entries, operations, originalMti } from '../terminal/operations.ts'
import { firstTrace, timesAt, traceCounter } from '../terminal/stamp.ts'
import { drawWithin, type LoadOperation, type Mix } from './mix.ts'

const rows = {
  payment: operations.payment,
  balance: operations.balance,
  topup: operations['top-up'],
  echo: operations.echo,
} satisfies Record<LoadOperation, unknown>

/** The data that all requests of a run share. */
export type Common = { readonly mix: Mix; readonly currency: string }

const NO_MAC = '0'.repeat(16)

/** Makes the requests of all tills of one demo terminal: its trace numbers are shared, so that no key comes twice. */
export type RequestMaker = {
  /** `random` from 0 to 1 draws the amount. */
  request: (operation: LoadOperation, card: DemoCard, random: number) => Message
  confirmation: (original: Message) => Message
}

/** The times of a message, made anew once a second: formatting them costs more than packing the message. */
export function secondClock(now: () => number): () => ReturnType<typeof timesAt> {
  let second = -1
  let times = timesAt(0)
  return () => {
    const ms = now()
    const current = Math.floor(ms / 1000)
    if (current !== second) {
      second = current
      times = timesAt(ms)
    }
    return times
  }
}

/**
 * A maker for one terminal. A key is terminal, trace number and second (DE41, DE11, DE7): 999,999 trace numbers a
 * second are more than a machine can send, so keys of one run never meet.
 */
export function requestMaker(
  { terminal, store, mac }: DemoTerminal,
  { mix, currency }: Common,
  clock: ReturnType<typeof secondClock>,
  first: number = firstTrace(Date.now()),
): RequestMaker {
  const trace = traceCounter(first)
  const de41 = terminal.padEnd(8)
  const de42 = store.padEnd(15)
  const ranges = { payment: mix.payment, topup: mix.topUp } as const
  const amount = (operation: LoadOperation, random: number): string | undefined =>
    operation === 'payment' || operation === 'topup' ? toAmountField(drawWithin(ranges[operation], random)) : undefined
  // Zeros in the place of the MAC, until the bytes are there that it is made of.
  const withMac = (message: Message, de: 64 | 128): Message =>
    mac === 'none' ? message : { mti: message.mti, fields: { ...message.fields, [de]: NO_MAC } }
  const stamp = () => {
    const times = clock()
    const de11 = String(trace()).padStart(6, '0')
    return { 7: times.transmission, 11: de11, 12: times.time, 13: times.date, 41: de41, 42: de42 }
  }
  return {
    request: (operation, card, random) => {
      const { mti, code, network } = rows[operation]
      if (code === null) return withMac({ mti, fields: { ...stamp(), 70: network } }, 128)
      const fields = { 3: code, 4: amount(operation, random), ...stamp(), 22: entries.swipe, 35: card.track2 }
      return withMac({ mti, fields: { ...fields, 49: currency } }, 64)
    },
    confirmation: ({ mti, fields }) => {
      const original = `${originalMti(mti)}${fields[11]}${fields[7]}${'0'.repeat(22)}`
      return withMac({ mti: '0202', fields: { 3: fields[3], ...stamp(), 90: original } }, 128)
    },
  }
}

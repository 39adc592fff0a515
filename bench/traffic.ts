import { TERMINAL } from '../src/core/channel.ts'
import type { Ask, Request } from '../src/core/request.ts'
import { KIND, type Key } from '../src/core/key.ts'
import type { Operation } from '../src/core/operations.ts'
import { referenceOf } from '../src/messages/transmission-time.ts'
import type { Books } from './books.ts'

/** The requests of the callers. `confirm`: policy `explicit`, and each approval is followed by its confirmation. */
export type Mix = {
  readonly name: string
  readonly confirm: boolean
  readonly shares: readonly (readonly [Operation, number])[]
}

export const MIXES: readonly Mix[] = [
  { name: 'payments, policy none', confirm: false, shares: [['payment', 1]] },
  {
    name: '80 % payments, 10 % top-ups, both confirmed (explicit), 10 % balance inquiries',
    confirm: true,
    shares: [['payment', 0.8], ['top_up', 0.1], ['balance', 0.1]],
  }, // prettier-ignore
]

/** Requests as the switch makes them from messages: any card, an amount that every card can pay many times. */
export type Traffic = {
  readonly request: (mix: Mix, caller: number) => Request
  readonly confirmation: (original: Request, caller: number) => Request
}

const PAYMENT = 1
const TOP_UP = 10_00
const CODES: Readonly<Record<string, string>> = { payment: '006000', top_up: '210060', balance: '316000' }
const LAST_STAN = 999_999

/** Each caller is a terminal with trace numbers of its own, as in a chain of shops; no key occurs twice. */
export function createTraffic({
  cards,
  ids,
  store,
  payable,
  receivable,
}: Pick<Books, 'cards' | 'ids' | 'store' | 'payable' | 'receivable'>): Traffic {
  const stans = new Map<number, number>()
  let sent = 0
  let second = -1
  let transmitted = 0
  let today = ''

  const keyOf = (kind: number, caller: number, now: number): Key => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000)
      const iso = new Date(now).toISOString()
      transmitted = Number(iso.slice(0, 19).replace(/\D/gu, ''))
      today = iso.slice(0, 10)
    }
    const stan = ((stans.get(caller) ?? (caller * 7919) % LAST_STAN) % LAST_STAN) + 1
    stans.set(caller, stan)
    return { store, terminal: `B${String(caller).padStart(7, '0')}`, kind, stan, transmitted }
  }

  const requestOf = (
    key: Key,
    now: number,
    confirm: boolean,
    code: string,
    amount: number | null,
    ask: Ask,
  ): Request => {
    const id = ids.next()
    if (id === null) throw new Error('no ids left: the database gave no new block')
    const serial = String(++sent)
    return {
      id,
      spareId: id,
      key,
      content: serial.padStart(32, '0'),
      requester: TERMINAL,
      source: key.terminal,
      at: now,
      today,
      businessDate: today,
      confirmation: confirm ? 'explicit' : 'none',
      confirmTimeoutMs: 120_000,
      lateConfirmWindowMs: 86_400_000,

      cancelWindowMs: null,
      labels: {
        processingCode: code,
        localTime: '1122183005',
        rrn: referenceOf(key.transmitted, key.stan),
        approvalCode: 'A7K2Q9',
        entryMode: '022',
        amount,
        currency: 985,
        echo: null,
        line: `iso-${key.terminal}`,
        trace: `iso-${serial}`,
      },
      ask,
      attached: [],
    }
  }

  return {
    request(mix, caller) {
      const now = Date.now()
      const operation = draw(mix)
      const kind = operation === 'balance' ? KIND.inquiry : KIND.financial
      const amount = operation === 'payment' ? PAYMENT : operation === 'top_up' ? TOP_UP : null
      const card = cards[Math.floor(Math.random() * cards.length)]
      return requestOf(keyOf(kind, caller, now), now, mix.confirm, CODES[operation] ?? '', amount, {
        act: 'operation',
        operation,
        presented: {
          numberHash: card?.numberHash ?? '',
          otherHash: null,
          newestKey: 1,
          luhn: true,
          shown: '',
          by: 'stripe',
          stripe: { expiry: '4912', version: 1, genuine: true },
          ecodeHash: null,
        },
        nominal: false,
        amount,
        currency: 985,
        contra: operation === 'payment' ? payable : operation === 'top_up' ? receivable : null,
        partial: false,
        ontoNew: false,
        block: null,
        successor: null,
        receipt: null,
        office: null,
      })
    },
    confirmation({ key, labels }, caller) {
      const now = Date.now()
      return requestOf(keyOf(KIND.confirmation, caller, now), now, true, labels.processingCode, null, {
        act: 'confirmation',
        original: key,
      })
    },
  }
}

function draw({ shares }: Mix): Operation {
  let left = Math.random()
  for (const [operation, share] of shares) {
    left -= share
    if (left < 0) return operation
  }
  return 'payment'
}

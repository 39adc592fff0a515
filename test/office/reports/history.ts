import type { RowDataPacket } from 'mysql2/promise'
import { KIND, type Key } from '../../../src/core/key.ts'
import type { OperationAsk, Request } from '../../../src/core/request.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { type EngineSetting, type TestCard } from '../../engine/engine-setting.ts'

/** Figures by mulberry32: the same history for the same seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

export const STORES = ['000000000000001', '000000000000002'] as const

/** An approved request, as the till knows it. */
export type Told = {
  readonly id: number
  readonly key: Key
  readonly operation: OperationAsk['operation']
  readonly card: TestCard
  readonly store: string
  readonly day: string
  readonly amount: number
  state: 'open' | 'done' | 'undone'
}

/** The cards left by earlier histories, and their transactions that can be undone. */
export type Played = { readonly told: Told[]; readonly cards: TestCard[]; stan: number }
export const nothingPlayed = (): Played => ({ told: [], cards: [], stan: 0 })

type Play = {
  readonly seed: number
  readonly days: readonly string[]
  readonly moves: number
  readonly played?: Played
}

/** The message history of a few stores over some days, made up as it goes, through the real engine. */
export async function playDays(
  setting: EngineSetting,
  engine: Engine,
  { seed, days, moves, played = nothingPlayed() }: Play,
): Promise<readonly Told[]> {
  const random = randomOf(seed)
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[random(items.length)]
  const accounts = await accountsOf(setting)
  const fresh = [...(await setting.newCards(Math.ceil(moves / 3)))]
  const { told, cards } = played

  // The shared clock advances with each request, as it does in an installation.
  let sent = 0
  const at = (day: string): number => Date.parse(`${day}T10:00:00Z`) + ++sent * 1_000
  const send = (request: Request, store: string, day: string): ReturnType<Engine['submit']> =>
    engine.submit({ ...request, businessDate: day, today: day, at: at(day), key: { ...request.key, store } })
  const about = (kind: number, store: string, confirmation: Request['confirmation'] = 'explicit') => {
    played.stan += 1
    return { kind, terminal: store === STORES[0] ? 'R1' : 'R2', stan: played.stan, confirmation }
  }

  const operate = async (day: string): Promise<void> => {
    const store = pick(STORES) ?? STORES[0]
    const roll = random(20)
    const operation =
      roll < 4 ? 'sale' : roll < 7 ? 'top_up' : roll < 15 ? 'payment' : roll < 18 ? 'refund' : 'cash_out'
    const onto = operation === 'sale' || (operation === 'refund' && random(3) === 0)
    const card = onto ? fresh.pop() : pick(cards)
    if (card === undefined) return
    const payment =
      operation === 'refund' && random(2) === 0 ? pick(told.filter((t) => t.operation === 'payment')) : undefined
    const amount = operation === 'cash_out' ? 100 * (1 + random(5)) : 1_000 + 100 * random(40)
    const kind = operation === 'sale' || operation === 'top_up' ? 'store_receivable' : 'store_payable'
    const ask = setting.operation(operation, card, amount, {
      contra: accounts.get(`${kind} ${store}`) ?? 0,
      ontoNew: operation === 'refund' && onto,
      receipt: payment === undefined ? null : { id: payment.id },
    })
    const policy = random(3) === 0 ? 'none' : 'explicit'
    const request = setting.request(ask, about(KIND.financial, store, policy))
    const { result, row } = await send(request, store, day)
    if (result !== 'approved' || row === null || row.transfer === null) return
    if (onto) cards.push(card)
    const state = policy === 'none' ? 'done' : 'open'
    told.push({
      id: row.id,
      key: { ...request.key, store },
      operation,
      card,
      store,
      day,
      amount: row.transfer.amount,
      state,
    })
  }

  const settle = async (day: string): Promise<void> => {
    const one = pick(told.filter(({ state }) => state !== 'undone'))
    if (one === undefined) return
    const original = one.key
    const roll = random(10)
    if (one.state === 'open' && roll < 4) {
      await send(
        setting.request({ act: 'confirmation', original }, about(KIND.confirmation, one.store)),
        one.store,
        day,
      )
      one.state = 'done'
    } else if (one.state === 'open' && roll < 6) {
      const ask = { act: 'reversal', by: 'terminal', original, amount: null, presented: null } as const
      await send(setting.request(ask, about(KIND.reversal, one.store)), one.store, day)
      one.state = 'undone'
    } else if (one.state === 'open' && roll < 8) {
      await engine.submit({ ...setting.timer(one), businessDate: day, today: day, at: at(day) })
      if (random(2) === 0) return
      await send(
        setting.request({ act: 'confirmation', original }, about(KIND.confirmation, one.store)),
        one.store,
        day,
      )
    } else {
      const ask = { act: 'cancellation', original, amount: null, presented: null, sending: null } as const
      const request = setting.request(ask, about(KIND.cancellation, one.store, random(2) === 0 ? 'none' : 'explicit'))
      // The till's clock is behind: its business day is that of the original.
      const { result, row } = await send({ ...request, cancelWindowMs: 90 * 86_400_000 }, one.store, day)
      if (result !== 'approved' || row === null || row.state !== 'unconfirmed' || random(3) > 0) return
      const back = { act: 'reversal', by: 'terminal', original: row.key, amount: null, presented: null } as const
      await send(setting.request(back, about(KIND.reversal, one.store)), one.store, day)
    }
  }

  for (const day of days) {
    for (let i = 0; i < moves / days.length; i++) await (random(3) < 2 ? operate(day) : settle(day))
  }
  return told
}

export async function accountsOf({ connection }: EngineSetting): Promise<Map<string, number>> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT id, kind, owner FROM accounts WHERE currency = 985')
  return new Map(rows.map(({ id, kind, owner }) => [`${String(kind)} ${String(owner)}`, Number(id)]))
}

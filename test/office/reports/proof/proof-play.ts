import { KIND, clerkKey, expiryKey } from '../../../../src/core/key.ts'
import type { Operation } from '../../../../src/core/operations.ts'
import type { Ask, OperationAsk, Request } from '../../../../src/core/request.ts'
import { ownRequest } from '../../../../src/core/own-request.ts'
import { numberOf, stripe } from '../../../engine/engine-setting.ts'
import { randomOf } from '../history.ts'
import type { Card, Entry } from './proof-journal.ts'
import { STORES, type Till, TILLS, type World } from './proof-world.ts'

/** Random actions of tills, people and jobs with cards over months. Each answer goes into the journal. */

export const DAY_MS = 86_400_000
const AMOUNT = 100

type What =
  | 'sale' | 'top_up' | 'payment' | 'refund' | 'refund_new' | 'cash_out' | 'duplicate'
  | 'confirm' | 'confirm_again' | 'keep' | 'cancel' | 'reverse' | 'timer' | 'late'
  | 'adjust' | 'expire' | 'extend' // prettier-ignore

/** How often each happens; of what cannot happen something else does. */
const WEIGHTS = {
  sale: 9, top_up: 9, payment: 22, refund: 7, refund_new: 2, cash_out: 3, duplicate: 2,
  confirm: 14, confirm_again: 2, keep: 2, cancel: 8, reverse: 4, timer: 3, late: 4,
  adjust: 3, expire: 2, extend: 2,
} as const satisfies Record<What, number> // prettier-ignore
const LOTTERY = Object.entries(WEIGHTS).flatMap(([what, weight]) => Array.from({ length: weight }, () => what as What))

export type Player = ReturnType<typeof openPlayer>

export function openPlayer(world: World, seed: number) {
  const { setting, engine, journal, clock, account } = world
  const random = randomOf(seed)
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[random(items.length)]
  const fresh = new Map<number, Card[]>()
  let stan = 0
  const expiries = new Map<number, Request>()

  const freshCard = async (currency: number): Promise<Card> => {
    const there = fresh.get(currency) ?? []
    if (there.length === 0) there.push(...(await world.newCards(currency, 20)))
    fresh.set(currency, there)
    const card = there.pop()
    if (card === undefined) throw new Error('no card')
    return card
  }
  const cardsIn = (state: Card['state']): Card[] => [...journal.cards.values()].filter((card) => card.state === state)
  const today = (): string => new Date(clock.now + 2 * 3_600_000).toISOString().slice(0, 10)
  /** A till that has not closed its day books on the day before. */
  const dayOf = (till: Till | null): string =>
    till !== null && random(25) === 0 ? new Date(Date.parse(today()) - DAY_MS).toISOString().slice(0, 10) : today()

  const send = async (request: Request): Promise<string> => {
    clock.now += 1_000 * (1 + random(30))
    const answer = await engine.submit(request)
    journal.told(request, answer)
    return answer.result
  }
  const fromTill = (till: Till, kind: number, ask: Ask, policy: Request['confirmation'] = till.policy): Request => {
    stan += 1
    const request = setting.request(ask, { kind, terminal: till.code, stan, confirmation: policy })
    return { ...request, key: { ...request.key, store: till.store }, at: clock.now, today: today(), businessDate: dayOf(till),
      cancelWindowMs: 90 * DAY_MS, lateConfirmWindowMs: 5 * DAY_MS } // prettier-ignore
  }
  const tillOf = ({ request }: Entry): Till | undefined => TILLS.find(({ code }) => code === request.key.terminal)

  const operate = async (operation: OperationAsk['operation'], card: Card, amount: number | null, more: Partial<OperationAsk> = {}) => {
    const till = pick(TILLS)
    if (till === undefined) return
    const kind = operation === 'sale' || operation === 'top_up' ? 'store_receivable' : 'store_payable'
    const contra = operation === 'duplicate' ? null : account(kind, till.store, card.currency).id
    const ask = { ...setting.operation(operation, card, amount ?? 0, { contra, currency: card.currency, partial: random(3) === 0, ...more }), amount }
    await send(fromTill(till, KIND.financial, ask))
  } // prettier-ignore
  const some = (most: number, least = 1): number => AMOUNT * (least + random(most))

  const byOffice = async (operation: Operation, card: Card, amount: number | null, more: Partial<OperationAsk>, job = false) => {
    const id = setting.nextId()
    const kind = operation === 'expiry' || operation === 'extension' ? 'issuer_breakage' : 'issuer_adjustments'
    const ask: Ask = {
      act: 'operation', operation, presented: stripe(card), nominal: false, amount, currency: card.currency, partial: false,
      contra: account(kind, 'issuer', card.currency).id, ontoNew: false, block: null, successor: null, receipt: null, office: null, ...more,
    }
    const request = ownRequest({
      id, spareId: setting.nextId(), key: operation === 'expiry' ? expiryKey(card.id, today()) : clerkKey(id), by: 'office',
      requester: job ? { channel: 'job', who: 'expiry' } : { channel: 'cli', who: 'ola' }, at: clock.now, day: today(),
      processingCode: '', amount, currency: card.currency, trace: `proof-${id}`, ask,
    })
    return { request, result: await send(request) }
  } // prettier-ignore

  const entries = (is: (entry: Entry) => boolean): Entry[] => [...journal.entries.values()].slice(-400).filter(is)
  const isOpen = ({ status }: Entry): boolean => status === 'unconfirmed'
  const about = async (entry: Entry | undefined, kind: number, ask: Ask, policy?: Request['confirmation']): Promise<void> => {
    const till = entry === undefined ? undefined : tillOf(entry)
    if (till !== undefined) await send(fromTill(till, kind, ask, policy))
  } // prettier-ignore
  const confirm = (entry: Entry | undefined, kept?: number): Promise<void> =>
    entry === undefined ? Promise.resolve()
      : about(entry, KIND.confirmation, { act: 'confirmation', original: entry.row.key, ...(kept === undefined ? {} : { kept }) }) // prettier-ignore
  const timer = async (entry: Entry | undefined): Promise<void> => {
    if (entry === undefined || entry.request.confirmation === 'next') return
    await send({ ...setting.timer(entry.row), at: clock.now, today: today(), businessDate: today() })
  }
  const reverse = async (entry: Entry | undefined): Promise<void> => {
    if (entry === undefined) return
    await about(entry, KIND.reversal, { act: 'reversal', by: 'terminal', original: entry.row.key, amount: null, presented: null }) // prettier-ignore
  }

  const DO: Record<What, () => Promise<void>> = {
    sale: async () => operate('sale', await freshCard(random(3) === 0 ? 978 : 985), some(40, 10)),
    top_up: async () => {
      const card = pick(cardsIn('sold'))
      if (card !== undefined) await operate('top_up', card, some(40, 10))
    },
    payment: async () => {
      const card = pick(cardsIn('sold'))
      if (card !== undefined) await operate('payment', card, some(30))
    },
    refund: async () => {
      const paid = pick(entries(({ row }) => row.operation === 'payment' && row.role === 'books'))
      const card = random(3) === 0 || paid === undefined ? pick(cardsIn('sold')) : paid.card
      if (card === undefined) return
      const isSame = paid !== undefined && paid.card.currency === card.currency && random(3) > 0
      await operate('refund', card, some(12), { receipt: isSame ? { id: paid.row.id } : null })
    },
    refund_new: async () => {
      const paid = pick(entries(({ row }) => row.operation === 'payment' && row.role === 'books'))
      if (paid === undefined) return
      const card = await freshCard(paid.card.currency)
      await operate('refund', card, some(12, 10), { ontoNew: true, receipt: random(2) === 0 ? { id: paid.row.id } : null }) // prettier-ignore
    },
    cash_out: async () => {
      const card = pick(cardsIn('sold'))
      if (card !== undefined) await operate('cash_out', card, some(5))
    },
    duplicate: async () => {
      const card = pick(cardsIn('sold'))
      if (card === undefined) return
      const successor = await freshCard(card.currency)
      await operate('duplicate', card, null, { successor: numberOf(successor), currency: null })
    },
    confirm: () => confirm(pick(entries(isOpen))),
    confirm_again: () => confirm(pick(entries(({ status, row }) => status === 'confirmed' && row.key.kind === KIND.financial))), // prettier-ignore
    keep: async () => {
      const entry = pick(entries((one) => isOpen(one) && one.row.operation === 'payment' && one.row.role === 'books'))
      const amount = entry?.row.transfer?.amount ?? 0
      if (amount > AMOUNT) await confirm(entry, amount - AMOUNT * (1 + random(amount / AMOUNT - 1)))
    },
    cancel: async () => {
      const entry = pick(entries(({ row }) => row.role === 'books' && row.key.kind === KIND.financial && row.operation !== 'duplicate')) // prettier-ignore
      if (entry === undefined) return
      const ask = {
        act: 'cancellation',
        original: entry.row.key,
        amount: null,
        presented: null,
        sending: null,
      } as const
      await about(entry, KIND.cancellation, ask)
    },
    reverse: () => reverse(pick(entries(random(4) === 0 ? () => true : isOpen))),
    timer: () => timer(pick(entries(isOpen))),
    late: () => confirm(pick(entries(({ status }) => status === 'timer'))),
    adjust: async () => {
      const card = pick(cardsIn('sold'))
      if (card === undefined) return
      const office = { who: 'ola', reason: 'proof', validUntil: null, expiry: null, plastic: null }
      await byOffice(random(2) === 0 ? 'adjustment_credit' : 'adjustment_debit', card, some(10), { office })
    },
    expire: async () => {
      const card = pick(cardsIn('sold').filter(({ available, ledger }) => available === ledger && ledger > 0))
      if (card === undefined) return
      card.validUntil = new Date(Date.parse(today()) - DAY_MS).toISOString().slice(0, 10)
      await world.run('UPDATE cards SET valid_until = ? WHERE id = ?', [card.validUntil, card.id])
      const { request, result } = await byOffice('expiry', card, null, {}, true)
      if (result === 'approved') expiries.set(card.id, request)
    },
    extend: async () => {
      const card = pick(cardsIn('expired'))
      const expiry = card === undefined ? undefined : expiries.get(card.id)
      if (card === undefined || expiry === undefined) return
      const office = { who: 'ola', reason: 'proof', validUntil: '2027-06-30', expiry: expiry.key, plastic: null }
      const { result } = await byOffice('extension', card, null, { office })
      if (result === 'approved') card.validUntil = '2027-06-30'
    },
  }

  return {
    random,
    pick,
    today,
    stores: STORES,
    /** One of these, so often as it happens. */
    move: (): Promise<void> => DO[pick(LOTTERY) ?? 'payment'](),
    /** Transactions still open from the day before: ended by the timer, or by a late confirmation. */
    async morning(): Promise<void> {
      for (const entry of [...journal.entries.values()].filter(
        (one) => isOpen(one) && one.row.businessDate < today(),
      )) {
        const roll = random(10)
        if (roll < 5) await timer(entry)
        else if (roll < 8) await confirm(entry)
        else if (roll < 9) await reverse(entry)
      }
    },
  }
}

import type { Fact } from '../../../../src/core/reports/fact.ts'
import type { Request } from '../../../../src/core/request.ts'
import { type Key, keyText } from '../../../../src/core/key.ts'
import type { Transaction } from '../../../../src/core/transaction.ts'
import type { Answer } from '../../../../src/engine/executor.ts'

/*
 * A journal of the messages and their answers, written as they happen, without reading the database. From it the figures of
 * the reports are computed a second time (`proof-figures.ts`).
 */

/** The sale that stands: a duplicate keeps the one of the card before it. */
export type Sale = { readonly store: string; readonly on: string }

export type Card = {
  readonly id: number
  readonly numberHash: string
  readonly issue: string
  readonly currency: number
  state: 'inactive' | 'sellable' | 'sold' | 'expired' | 'replaced'
  ledger: number
  available: number
  replacedBy: Card | null
  validUntil: string | null
  sale: Sale | null
}

/** A transfer, in the order of happening, with the sale of its card that stood then. */
export type Noted = Fact & { readonly sale: Sale | null }

type Status = 'unconfirmed' | 'confirmed' | 'reversed' | 'timer' | 'rebooked' | 'cancelled'

/** An operation or cancellation that was approved. */
export type Entry = {
  readonly row: Transaction
  readonly card: Card
  readonly request: Request
  readonly fact: Noted
  /** A cancellation: of what. */
  readonly of: Entry | null
  status: Status
  arrived: boolean
}

/** Money in a card's favour that waited; `until`: the business day of what ended it. */
type Wait = { readonly card: number; readonly entry: Entry; readonly amount: number; readonly day: string; until: string | null } // prettier-ignore
type Case = { readonly entry: Entry; readonly opened: string; closed: string | null }
export type Event = { readonly what: 'book' | 'undo'; readonly fact: Fact } | { readonly what: 'arrive'; readonly id: number } // prettier-ignore

export type Account = { readonly id: number; readonly kind: NonNullable<Fact['contra']>['kind']; readonly owner: string } // prettier-ignore
/** A message of a terminal that was not refused, for the hours of the cashiers. */
export type Act = { readonly day: string; readonly at: number; readonly store: string; readonly terminal: string; readonly what: 'refund' | 'cancel' | 'other' } // prettier-ignore
export type Decline = { readonly day: string; readonly store: string; readonly terminal: string; readonly reason: string } // prettier-ignore

export type Journal = ReturnType<typeof openJournal>

const CARDS_FROM = 1_000_000
const isCard = (account: number): boolean => account > CARDS_FROM

export function openJournal(accounts: ReadonlyMap<number, Account>) {
  const cards = new Map<number, Card>()
  const facts: Noted[] = []
  const events: Event[] = []
  const entries = new Map<string, Entry>()
  const byId = new Map<number, Entry>()
  const waits: Wait[] = []
  const cases: Case[] = []
  const declines: Decline[] = []
  const acts: Act[] = []
  let own = 0

  const cardOf = (id: number): Card => {
    const card = cards.get(id)
    if (card === undefined) throw new Error(`card ${id} is not of this history`)
    return card
  }

  /** Money moves. `wasWaiting`: what it takes off a card was never available there. */
  const book = (fact: Fact, { arrives, wasWaiting = false }: { arrives: boolean; wasWaiting?: boolean }): Noted => {
    const { debit, credit, amount } = fact
    events.push({ what: fact.undoes ? 'undo' : 'book', fact })
    if (isCard(debit)) {
      const giver = cardOf(debit)
      giver.ledger -= amount
      if (!wasWaiting) giver.available -= amount
    }
    if (isCard(credit)) {
      const taker = cardOf(credit)
      taker.ledger += amount
      if (taker.state === 'sellable' && !fact.sells) taker.state = 'sold'
      settleSale(fact, taker)
    }
    const noted = { ...fact, sale: fact.card === null ? null : cardOf(fact.card.id).sale }
    facts.push(noted)
    if (arrives) arrive(noted)
    return noted
  }
  const settleSale = (fact: Fact, taker: Card): void => {
    const { operation, debit, sells, undoes, contra, store, day } = fact
    if (!sells || undoes) return
    taker.state = 'sold'
    if (operation === 'duplicate') {
      taker.sale = cardOf(debit).sale
      taker.validUntil = cardOf(debit).validUntil
    } else if (operation !== 'extension') taker.sale = { store: contra?.owner ?? store, on: day }
  }
  const arrive = ({ id, credit, amount }: Fact): void => {
    if (!isCard(credit)) return
    cardOf(credit).available += amount
    events.push({ what: 'arrive', id })
  }

  const factOf = (request: Request, row: Transaction, of: Entry | null): Fact => {
    const { transfer, operation, cardId, role, businessDate: day } = row
    if (transfer === null || operation === null || cardId === null) throw new Error(`${row.id} moves nothing`)
    const contra = accounts.get(Math.min(transfer.debit, transfer.credit)) ?? null
    const undoes = ['cancels', 'reverses', 'confirms'].includes(role) || (role === 'rebooks' && of?.row.role === 'cancels') // prettier-ignore
    const card = cardOf(cardId)
    return {
      id: row.id,
      at: request.at,
      day,
      originalDay: undoes ? ((of?.of ?? of)?.row.businessDate ?? day) : day,
      store: contra !== null && contra.owner !== 'issuer' ? contra.owner : request.key.store,
      card: { id: cardId, issueId: 0, seq: 0 },
      currency: card.currency,
      channel: row.requester.channel,
      operation,
      role,
      undoes,
      ...transfer,
      sells: row.sells,
      contra,
      originalId: row.originalId,
      otherSeq: 0,
      availableSeq: null,
      batch: null,
    }
  }

  /** Finished transactions: confirmed, taken back or undone. */
  const endWait = (entry: Entry, day: string): void => {
    for (const wait of waits) if (wait.entry === entry && wait.until === null) wait.until = day
  }
  const confirmed = (entry: Entry, day: string): void => {
    entry.status = 'confirmed'
    endWait(entry, day)
    if (entry.arrived) return
    entry.arrived = true
    arrive(entry.fact)
  }
  // Cases are of the day on which they were opened or closed, whatever business day a till is in.
  const openCase = (entry: Entry, { today: opened }: Request): void => {
    if (!cases.some((one) => one.entry === entry && one.closed === null)) cases.push({ entry, opened, closed: null })
  }
  const closeCase = (entry: Entry, { today }: Request): void => {
    for (const one of cases) if (one.entry === entry && one.closed === null) one.closed = today
  }
  /** An undone sale leaves a card to be sold, an undone duplicate the old plastic; other money on the new one keeps both. */
  const unsell = (entry: Entry): void => {
    const { row, card, fact } = entry
    const sold = row.sells ? cardOf(fact.credit) : null
    if (sold === null || sold.ledger !== 0) return
    sold.state = 'sellable'
    sold.validUntil = null
    if (row.operation === 'duplicate') {
      card.state = 'sold'
      card.replacedBy = null
    }
  }
  const lastOf = (card: Card): Card => {
    let last = card
    while (last.replacedBy !== null) last = last.replacedBy
    return last
  }
  /** Amounts that become available on a replaced card go on to its replacement. */
  const follow = (request: Request, touched: readonly number[]): void => {
    for (const id of touched) {
      const card = cards.get(id)
      if (card === undefined || card.state !== 'replaced' || card.available === 0) continue
      const fact: Fact = {
        ...factOf(request, { ...EMPTY, id: request.spareId, key: request.key, businessDate: request.businessDate,
          requester: request.requester, role: 'books', operation: 'duplicate', cardId: card.id, originalId: request.id,
          transfer: { debit: card.id, credit: lastOf(card).id, amount: card.available } }, null),
      } // prettier-ignore
      book(fact, { arrives: true })
      return
    }
  }

  const operated = (request: Request, row: Transaction): void => {
    if (row.transfer === null || row.cardId === null) return
    const card = cardOf(row.cardId)
    const isPending = row.state === 'unconfirmed'
    const fact = book(factOf(request, row, null), { arrives: !isPending })
    if (row.operation === 'duplicate') {
      card.state = 'replaced'
      card.replacedBy = cardOf(fact.credit)
    }
    if (row.operation === 'expiry') card.state = 'expired'
    if (row.operation === 'extension') card.state = 'sold'
    enter(request, row, card, fact, null)
  }
  const enter = (request: Request, row: Transaction, card: Card, fact: Noted, of: Entry | null): void => {
    const isPending = row.state === 'unconfirmed'
    const entry: Entry = { row, card, request, fact, of, status: isPending ? 'unconfirmed' : 'confirmed', arrived: !isPending } // prettier-ignore
    entries.set(keyText(row.key), entry)
    byId.set(row.id, entry)
    if (isPending && isCard(fact.credit)) waits.push({ card: fact.credit, entry, amount: fact.amount, day: fact.day, until: null }) // prettier-ignore
  }

  const cancelled = (request: Request, row: Transaction, of: Entry): void => {
    if (row.transfer === null) return
    const fact = book(factOf(request, row, of), { arrives: row.state === 'confirmed', wasWaiting: !of.arrived })
    endWait(of, request.businessDate)
    of.status = 'cancelled'
    unsell(of)
    enter(request, row, of.card, fact, of)
  }
  const reversed = (request: Request, row: Transaction, of: Entry, by: 'timer' | 'reversed'): void => {
    const day = request.businessDate
    if (row.transfer === null) {
      if (of.status === 'timer' && by === 'reversed') {
        of.status = 'reversed'
        closeCase(of, request)
      } else if (by === 'timer' && of.row.role === 'cancels') confirmed(of, day)
      else if (by === 'timer') of.status = 'timer'
    } else {
      book(factOf(request, row, of), { arrives: true, wasWaiting: !of.arrived })
      endWait(of, day)
      of.status = by
      if (of.of !== null) {
        of.of.status = 'confirmed'
        of.of.arrived = true
        if (of.of.row.sells) cardOf(of.of.fact.credit).state = 'sold'
      } else unsell(of)
    }
    if (by === 'timer') openCase(of, request)
  }
  const confirmation = (request: Request, row: Transaction, of: Entry): void => {
    const day = request.businessDate
    if (row.role === 'rebooks') {
      const fact = factOf(request, row, of)
      book(fact, { arrives: true })
      of.status = 'rebooked'
      of.arrived = true
      closeCase(of, request)
      if (of.of !== null) {
        of.of.status = 'cancelled'
        unsell(of.of)
      } else if (row.operation === 'duplicate' && of.card.state === 'sold') {
        of.card.state = 'replaced'
        of.card.replacedBy = cardOf(fact.credit)
      }
      return
    }
    if (of.status !== 'unconfirmed') return
    confirmed(of, day)
    if (row.transfer !== null) book(factOf(request, row, of), { arrives: true })
  }

  return {
    cards,
    facts,
    events,
    entries: byId,
    waits,
    cases,
    declines,
    acts,
    lastOf,
    /** One message and its answer. */
    told(request: Request, { result, row }: Answer): void {
      const { ask, key, businessDate: day } = request
      if (row === null || row.id !== request.id) return
      // Under policy `next` a request confirms what came before it.
      if (request.confirmation === 'next' && (ask.act === 'operation' || ask.act === 'cancellation')) {
        for (const entry of byId.values()) {
          const isOf = entry.request.confirmation === 'next' && entry.request.key.terminal === key.terminal
          if (isOf && entry.status === 'unconfirmed') {
            // No row says when: it counts as available from its own day on.
            confirmed(entry, entry.fact.day)
            follow(request, [entry.fact.credit])
          }
        }
      }
      const original = 'original' in ask && 'kind' in ask.original ? (entries.get(keyText(ask.original)) ?? null) : null
      if (row.state === 'declined') {
        declines.push({ day, store: key.store, terminal: key.terminal, reason: result })
        if (ask.act === 'confirmation' && original !== null) openCase(original, request)
        return
      }
      if (request.requester.channel === 'terminal') {
        const what = row.role === 'cancels' ? 'cancel' : row.role === 'books' && row.operation === 'refund' ? 'refund' : 'other' // prettier-ignore
        acts.push({ day, at: request.at, store: key.store, terminal: key.terminal, what })
      }
      if (ask.act === 'operation') operated(request, row)
      else if (original !== null) {
        if (ask.act === 'cancellation') cancelled(request, row, original)
        else if (ask.act === 'confirmation') confirmation(request, row, original)
        else if (ask.act === 'reversal') reversed(request, row, original, ask.by === 'timer' ? 'timer' : 'reversed')
        if (result === 'approved_with_case') openCase(original, request)
      }
      const { transfer } = row
      follow(request, [...(original === null ? [] : [original.fact.credit, original.fact.debit]), ...(transfer === null ? [] : [transfer.debit, transfer.credit])]) // prettier-ignore
    },
    /** The initial state: a card that was sold with this amount on it. */
    began(card: Card, fact: Fact): void {
      cards.set(card.id, card)
      book(fact, { arrives: true })
    },
    /** Money that people or jobs put on a card or took from it, card by card, beside the messages. */
    moved(
      card: Card,
      amount: number,
      about: Pick<Fact, 'operation' | 'day' | 'batch' | 'sells'> & { readonly account: Account; readonly key: Key },
    ): void {
      const { operation, day, batch, sells, account } = about
      const gives = amount > 0
      own -= 1
      const fact: Fact = {
        id: own, at: 0, day, originalDay: day, store: account.owner, card: { id: card.id, issueId: 0, seq: 0 },
        currency: card.currency, channel: 'job', operation, role: 'books', undoes: false,
        debit: gives ? account.id : card.id, credit: gives ? card.id : account.id, amount: Math.abs(amount), sells,
        contra: account, originalId: null, otherSeq: 0, availableSeq: null, batch,
      } // prettier-ignore
      book(fact, { arrives: true })
    },
  }
}

const EMPTY: Transaction = {
  id: 0, key: { store: '', terminal: '', kind: 0, stan: 0, transmitted: 0 }, content: '', at: 0, businessDate: '',
  labels: { processingCode: '', localTime: '', rrn: '', approvalCode: '', entryMode: '', amount: null, currency: null, echo: null, line: '', trace: '' },
  requester: { channel: 'job', who: null }, role: 'books', forStore: null, operation: null, cardId: null, transfer: null,
  sells: false, result: 'approved', originalId: null, balances: null, state: 'confirmed', undoneBy: null, confirmBy: null,
  returned: 0, released: 0, finalAtOnce: false, cardSeq: null, otherSeq: null, availableSeq: null,
} // prettier-ignore

import { execute, noChanges, terminalText } from '../../src/core/apply.ts'
import type { Card } from '../../src/core/card.ts'
import { countName, type DayCount } from '../../src/core/day-counts.ts'
import { createGuesses, type Guesses, UNKNOWN_PER_MINUTE } from '../../src/engine/guesses.ts'
import type { Lookups } from '../../src/core/lookups.ts'
import type { Pack } from '../../src/core/pack.ts'
import type { Request } from '../../src/core/request.ts'
import { keyText, KIND, stampText } from '../../src/core/key.ts'
import type { CaseReason, Outcome, State } from '../../src/core/state.ts'
import type { Rest } from '../../src/core/shortfall.ts'
import type { Routed } from '../../src/core/routed.ts'
import { type Tries, triesName } from '../../src/core/tries.ts'
import { NEXT_REQUEST, type Transaction } from '../../src/core/transaction.ts'
import { ISSUES, numberHashOfId } from './setting.ts'

/** A clarification case as the database keeps it: one open at a time about a transaction, later claims beside it. */
export type CaseFile = {
  open: boolean
  reason: CaseReason
  claims: CaseReason[]
  resolution: string | null
  rest: Rest | null
}

export type Books = {
  /** Executes one request as a batch of its own, and proves the books afterwards. */
  readonly run: (request: Request) => Outcome
  /** Forgets everything but plain rows, as a new process would find them. */
  readonly restart: () => void
  /** `numberHash`: the card's look-up key; default: that of its name. */
  readonly addCard: (card: Card, numberHash?: string) => void
  /** Puts a pack there, or into another state. */
  readonly setPack: (pack: Pack) => void
  readonly card: (id: number) => Card
  readonly rows: () => readonly Transaction[]
  readonly row: (key: Request['key']) => Transaction | null
  /** About which transaction (id) there has been which case. */
  readonly cases: ReadonlyMap<number, CaseFile>
  /** The messages to the hosts of routed transactions (by id), in order. */
  readonly owed: ReadonlyMap<number, readonly number[]>
}

/** The books in memory: what the executor does with a database, without one. */
export function openBooks(): Books {
  const hashes = new Map<number, string>()
  const packs = new Map<number, Pack>()
  let now = 0
  const guesses = createGuesses(UNKNOWN_PER_MINUTE, () => now)
  let state = stateOf(hashes, [], [], [], [], [], guesses, [], packs)
  const owed = new Map<number, number[]>()
  const cases = new Map<number, CaseFile>()

  return {
    run(request) {
      state = stateOf(
        hashes,
        [...state.cards.values()],
        [...state.transactionsById.values()],
        [...state.tries.values()],
        [...state.lookups.values()],
        [...state.dayCounts.values()],
        guesses,
        [...state.routed.values()],
        packs,
      )
      now = request.at
      const changes = noChanges()
      const outcome = execute(state, changes, request)
      for (const source of outcome.unknownNumbers) guesses.counted(source)
      for (const { change } of changes.cases) {
        const file = cases.get(change.transactionId)
        if (change.change === 'open') {
          if (file?.open === true) file.claims.push(change.reason)
          else
            cases.set(change.transactionId, {
              open: true,
              reason: change.reason,
              claims: [],
              resolution: null,
              rest: null,
            })
        } else if (file?.open === true) {
          Object.assign(file, { open: false, resolution: change.resolution, rest: change.rest ?? null })
        }
      }
      for (const { transactionId, kind } of changes.safMessages) {
        const kinds = owed.get(transactionId) ?? []
        if (!kinds.includes(kind)) owed.set(transactionId, [...kinds, kind])
      }
      prove(state)
      return outcome
    },
    restart() {
      const { cards, transactionsById, tries, lookups, dayCounts, routed } = state
      const plain: unknown = JSON.parse(
        JSON.stringify([
          [...cards.values()],
          [...transactionsById.values()],
          [...tries.values()],
          [...lookups.values()],
          [...dayCounts.values()],
          [...routed.values()],
        ]),
      )
      const [ofCards, rows, ofTries, ofLookups, counts, ofRouted] = plain as [
        Card[],
        Transaction[],
        Tries[],
        Lookups[],
        DayCount[],
        Routed[],
      ]
      state = stateOf(hashes, ofCards, rows, ofTries, ofLookups, counts, guesses, ofRouted, packs)
    },
    addCard(card, numberHash = numberHashOfId(card.id)) {
      state.cards.set(card.id, card)
      hashes.set(card.id, numberHash)
    },
    setPack(pack) {
      packs.set(pack.id, pack)
    },
    card(id) {
      const card = state.cards.get(id)
      if (card === undefined) throw new Error(`there is no card ${id}`)
      return card
    },
    rows: () => [...state.transactionsById.values()],
    row: (key) => state.transactions.get(keyText(key)) ?? null,
    cases,
    owed,
  }
}

/** The state as the executor loads it, but with all rows instead of those that a batch needs. */
function stateOf(
  hashes: ReadonlyMap<number, string>,
  cards: readonly Card[],
  rows: readonly Transaction[],
  tries: readonly Tries[],
  lookups: readonly Lookups[],
  dayCounts: readonly DayCount[],
  guesses: Guesses,
  routed: readonly Routed[],
  packs: ReadonlyMap<number, Pack>,
): State {
  const stores = new Map<string, Set<string>>()
  const state: State = {
    issues: ISSUES,
    cards: new Map(cards.map((card) => [card.id, card])),
    cardsByHash: new Map(cards.map((card) => [hashes.get(card.id) ?? '', card])),
    transactions: new Map(rows.map((row) => [keyText(row.key), row])),
    transactionsById: new Map(rows.map((row) => [row.id, row])),
    paymentsByRrn: new Map(),
    awaitingNext: new Map(),
    storesByStamp: stores,
    routed: new Map(routed.map((one) => [one.id, one])),
    decidedLoads: [],
    stagedBatches: new Map(),
    stagedLines: new Set(),
    packs,
    lookups: new Map(lookups.map((one) => [one.source, one])),
    dayCounts: new Map(dayCounts.map((one) => [countName(one), one])),
    unknownCards: guesses.unknownCards,
    enumerating: { has: guesses.isOver },
    marksUsedUp: guesses.marks.areUsedUp,
    tries: new Map(tries.map((one) => [triesName(one.cardId, one.source), one])),
  }
  for (const row of rows) {
    const { key, operation, transfer, labels, confirmBy } = row
    if (transfer !== null) stores.set(stampText(key), (stores.get(stampText(key)) ?? new Set()).add(key.store))
    if (operation === 'payment' && PAYMENT_KINDS.has(key.kind) && transfer !== null) {
      add(state.paymentsByRrn, labels.rrn, row)
    }
    if (confirmBy === NEXT_REQUEST) add(state.awaitingNext, terminalText(key), row)
  }
  return state
}

const PAYMENT_KINDS: ReadonlySet<number> = new Set([KIND.financial, KIND.advice])

const add = (groups: Map<string, Transaction[]>, name: string, row: Transaction): unknown =>
  groups.set(name, [...(groups.get(name) ?? []), row])

/** The invariants of the books, from the transfers alone; and the CHECK constraints of `sql/`. */
function prove(state: State): void {
  const rows = [...state.transactionsById.values()]
  for (const card of state.cards.values()) {
    let ledger = 0
    let unconfirmed = 0
    for (const { transfer, state: fate } of rows) {
      if (transfer?.credit === card.id) ledger += transfer.amount
      if (transfer?.debit === card.id) ledger -= transfer.amount
      if (transfer?.credit === card.id && fate === 'unconfirmed') unconfirmed += transfer.amount
    }
    must(card.ledger === ledger, `card ${card.id}: ledger ${card.ledger}, its transfers give ${ledger}`)
    const available = ledger - unconfirmed
    must(card.available === available, `card ${card.id}: available ${card.available} instead of ${available}`)
    must(available >= 0 && unconfirmed >= 0, `card ${card.id} is overdrawn: ${ledger}/${available}`)
    const isUnsold = card.state === 'sellable' || card.state === 'inactive'
    must(!isUnsold || ledger === 0, `card ${card.id} is ${card.state} with ${ledger} on it`)
  }
  for (const row of rows) {
    const { id, transfer, state: fate, confirmBy, returned } = row
    must((fate === 'unconfirmed') === (confirmBy !== null), `${id} is ${fate}, to be confirmed by ${confirmBy}`)
    must(fate !== 'pending' || transfer === null, `${id} is pending and moved money`)
    must(fate !== 'declined' || transfer === null, `${id} is declined and moved money`)
    must(transfer === null || transfer.amount > 0, `${id} moved nothing`)
    must(transfer === null || transfer.debit !== transfer.credit, `${id} moved money from itself to itself`)
    must(returned >= 0 && returned <= (transfer?.amount ?? 0), `${id} gave back ${returned}`)
  }
  must(state.transactions.size === rows.length, 'two rows under one key')
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}

import fc from 'fast-check'
import type { ContraAccount } from '../../../src/core/money.ts'
import { CONTRA_ACCOUNTS } from '../../../src/core/money.ts'
import { KIND, type Key } from '../../../src/core/key.ts'
import type { Operation } from '../../../src/core/operations.ts'
import type { Fact } from '../../../src/core/reports/fact.ts'
import type { Ask, OperationAsk } from '../../../src/core/request.ts'
import type { Transaction } from '../../../src/core/transaction.ts'
import { openBooks } from '../books.ts'
import {
  cancellationAsk,
  confirmationAsk,
  numberNamed,
  operationAsk,
  requestOf,
  reversalAsk,
  timerRequest,
} from '../requests.ts'
import { accountOf, cardIdOf, issueNamed, newCard, START, TERMINALS, type TerminalName } from '../setting.ts'

/** A possible next move; `of`: the earlier one that it is about, counted back; amounts are multiples of a coin. */
export type Move = {
  readonly what: Operation | 'confirm' | 'cancel' | 'reverse' | 'timer' | 'late' | 'tomorrow'
  readonly card: number
  readonly other: number
  readonly of: number
  readonly coins: number
  readonly terminal: TerminalName
}

export const COIN = 100

const WHAT = [
  'sale', 'sale', 'top_up', 'top_up', 'top_up', 'payment', 'payment', 'payment', 'payment', 'refund', 'refund', 'refund',
  'cash_out', 'duplicate', 'expiry', 'extension', 'adjustment_credit', 'adjustment_debit', 'pack_sale',
  'confirm', 'confirm', 'cancel', 'cancel', 'cancel', 'reverse', 'timer', 'late', 'tomorrow',
] as const // prettier-ignore

const MOVE: fc.Arbitrary<Move> = fc.record({
  what: fc.constantFrom(...WHAT),
  card: fc.nat(2),
  other: fc.nat(5),
  of: fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 5),
  coins: fc.integer({ min: 1, max: 30 }),
  terminal: fc.constantFrom('E1', 'N1', 'O1', 'O1', 'X1', 'X2', 'X2') as fc.Arbitrary<TerminalName>,
})

/** Cards that are in use. */
const OPENING: readonly Move[] = [0, 1, 2].map((card) => ({
  what: 'sale',
  card,
  other: 0,
  of: 0,
  coins: 20,
  terminal: card === 1 ? 'X2' : 'O1',
}))

/**
 * Faults need several moves about one card, which random moves seldom give: a load that is undone after it was spent,
 * in part, with another one behind it; a refund onto another card of an amount that a shift has moved.
 */
const SCENES: readonly (readonly [Move['what'], number, number])[][] = [
  [['payment', 0, 30], ['top_up', 0, 5], ['top_up', 0, 20], ['payment', 0, 10], ['cancel', 2, 0], ['payment', 0, 10]],
  [['payment', 0, 30], ['top_up', 0, 15], ['top_up', 0, 1], ['top_up', 0, 1], ['payment', 0, 6], ['payment', 0, 8], ['cancel', 4, 0]],
  [['payment', 0, 30], ['top_up', 0, 5], ['tomorrow', 0, 0], ['top_up', 0, 20], ['payment', 0, 12], ['refund', 0, 4], ['cancel', 3, 0], ['refund', 1, 3]],
  [['top_up', 0, 5], ['payment', 0, 28], ['refund', 0, 5], ['duplicate', 0, 0], ['refund', 1, 5], ['cancel', 0, 0]],
  [['payment', 0, 30], ['top_up', 0, 8], ['expiry', 0, 0], ['extension', 0, 0], ['top_up', 0, 4], ['payment', 0, 6]],
  [['payment', 0, 20], ['timer', 0, 0], ['top_up', 0, 9], ['late', 2, 0], ['cancel', 3, 0], ['reverse', 0, 0]],
] // prettier-ignore

const SCENE: fc.Arbitrary<readonly Move[]> = fc
  .tuple(fc.constantFrom(...SCENES), fc.nat(2), fc.array(MOVE, { minLength: 8, maxLength: 8 }))
  .map(([scene, card, drawn]) =>
    scene.flatMap(([what, of, coins], i) => {
      const free = drawn[i]
      return free === undefined
        ? []
        : [
            {
              ...free,
              what,
              of,
              card,
              coins: coins === 0 ? free.coins : coins,
              // Money of two origins: else a shift from one portion to the next could not be seen.
              terminal:
                scene[i + 1]?.[0] === 'timer' // which finds what waits for a confirmation
                  ? 'E1'
                  : (what === 'payment' ? i % 2 === 1 : free.other % 2 === 1)
                    ? 'X2'
                    : 'O1',
            } as const,
          ]
    }),
  )

/** Scenes and whatever comes between them. */
export const HISTORY: fc.Arbitrary<readonly Move[]> = fc
  .array(fc.oneof(SCENE, fc.array(MOVE, { maxLength: 6 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.flat())

/** 5,000 moves over months. */
export const LONG_HISTORY: fc.Arbitrary<readonly Move[]> = fc.array(MOVE, {
  minLength: 5_000,
  maxLength: 5_000,
  size: 'max',
})

const DAY_MS = 86_400_000

/** Each store's tills are served by a process of their own, with its own block of ids: the ids do not tell which is older. */
const BLOCKS = { first: 1_500_000, second: 1_000_000 }

/** Plays moves by the rules of the core; a refused one leaves no transfer. `seen`: called after each request. */
export function playMoves(
  moves: readonly Move[],
  seen: (rows: readonly Transaction[]) => void,
): readonly Transaction[] {
  const books = openBooks()
  for (let i = 1; i <= CARDS; i++) books.addCard(newCard(`C${i}`, issueNamed('OPEN')))
  const done: Transaction[] = []
  const ids = { ...BLOCKS }
  let at = START
  for (const move of [...OPENING, ...moves]) {
    at += move.what === 'tomorrow' ? DAY_MS : move.what === 'timer' ? 121_000 : 1_000
    const asked = askOf(move, done, books.rows())
    if (asked === null) continue
    const process = TERMINALS[asked.terminal].store === 'S2' ? 'second' : 'first'
    const id = (ids[process] += 2)
    const circumstances = { id, terminal: asked.terminal, kind: asked.kind, stan: id % 1_000_000, at, day: null }
    const request =
      asked.timer === undefined
        ? { ...requestOf(asked.ask, circumstances), cancelWindowMs: 90 * DAY_MS, lateConfirmWindowMs: 90 * DAY_MS }
        : timerRequest(asked.timer, id, at)
    const before = new Set(books.rows().map((row) => row.id))
    const overdue = move.what === 'expiry' ? books.card(cardIdOf(nameOf(move.card))) : null
    if (overdue !== null) overdue.validUntil = '2000-01-01'
    const { row, result } = books.run(request)
    // Portions that were not taken as expired keep their dates.
    if (overdue !== null && result !== 'approved') books.card(overdue.id).validUntil = null
    const fresh = books.rows().filter((one) => !before.has(one.id))
    if (row !== null && row.transfer !== null && fresh.includes(row)) done.push(row)
    seen(books.rows())
  }
  return books.rows()
}

const CARDS = 6

type Asked = { ask: Ask; kind: number; terminal: TerminalName; timer?: Transaction }

function askOf(move: Move, done: readonly Transaction[], rows: readonly Transaction[]): Asked | null {
  const { what, terminal } = move
  if (what === 'tomorrow') return null
  if (!(what in ABOUT)) return { ask: operationOf(move, what as Operation, rows), kind: KIND.financial, terminal }
  const one = done.at(-1 - move.of)
  if (one === undefined) return null
  const { ask, kind } = ABOUT[what as keyof typeof ABOUT]
  const till = (Object.keys(TERMINALS) as TerminalName[]).find((name) => name === one.key.terminal) ?? terminal
  return { ask: ask(one.key), kind, terminal: till, ...(what === 'timer' ? { timer: one } : {}) }
}

/** The questions about an earlier transaction. */
const ABOUT = {
  confirm: { ask: confirmationAsk, kind: KIND.confirmation },
  late: { ask: confirmationAsk, kind: KIND.confirmation },
  cancel: { ask: (key: Key): Ask => cancellationAsk(key), kind: KIND.cancellation },
  reverse: { ask: (key: Key): Ask => reversalAsk(key), kind: KIND.reversal },
  timer: { ask: (key: Key): Ask => reversalAsk(key), kind: KIND.reversal },
} as const

const CONTRA = {
  sale: 'store_receivable',
  top_up: 'store_receivable',
  payment: 'store_payable',
  refund: 'store_payable',
  cash_out: 'store_payable',
  expiry: 'issuer_breakage',
  extension: 'issuer_breakage',
  adjustment_credit: 'issuer_adjustments',
  adjustment_debit: 'issuer_adjustments',
  pack_sale: 'counterparty_receivable',
} as const satisfies Partial<Record<Operation, ContraAccount>>

const nameOf = (card: number): string => `C${1 + (card % CARDS)}`

function operationOf(
  { card, other, of, coins, terminal }: Move,
  operation: Operation,
  rows: readonly Transaction[],
): OperationAsk {
  const { store } = TERMINALS[terminal]
  const kind = operation in CONTRA ? CONTRA[operation as keyof typeof CONTRA] : null
  const payments = rows.filter((row) => row.operation === 'payment' && row.role === 'books' && row.transfer !== null)
  const payment = operation === 'refund' && other > 0 ? payments.at(-1 - of) : undefined
  const expiry = rows.findLast((row) => row.operation === 'expiry' && row.cardId === cardIdOf(nameOf(card)))
  const ontoNew = operation === 'refund' && other > 3
  const onCard = ontoNew || operation === 'sale' ? card + (other % 2) * 3 : card
  const isLoad = ['sale', 'top_up', 'pack_sale'].includes(operation) || ontoNew
  const amount = COIN * (operation === 'cash_out' ? 1 + (coins % 5) : isLoad ? 10 + coins : coins)
  return operationAsk(operation, nameOf(onCard), operation === 'expiry' || operation === 'duplicate' ? null : amount, {
    contra: kind === null ? null : accountOf(kind, store),
    ontoNew,
    receipt: payment === undefined ? null : { id: payment.id },
    successor: operation === 'duplicate' ? numberNamed(nameOf(3 + (other % 3))) : null,
    office:
      operation === 'extension'
        ? { who: 'ola', reason: 'test', validUntil: '2027-12-31', expiry: expiry?.key ?? null, plastic: null }
        : null,
  })
}

const CARD_BASE = 10_000_000

/** Rows of the core as facts: what the reader of the database makes of them. */
export function factsOf(rows: readonly Transaction[]): Fact[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const account = (id: number): number => (id >= 1_000 ? CARD_BASE + id : id)
  return rows.flatMap((row): Fact[] => {
    const { transfer, operation, cardId } = row
    if (transfer === null || operation === null || cardId === null) return []
    const original = row.originalId === null ? undefined : byId.get(row.originalId)
    const contraId = [transfer.debit, transfer.credit].find((id) => id < 1_000)
    const kind = contraId === undefined ? null : (CONTRA_ACCOUNTS[Math.floor((contraId - 1) / 10)] ?? null)
    const owner = contraId !== undefined && (contraId - 1) % 10 === 1 ? 'S2' : 'S1'
    const isRebookedCancellation = row.role === 'rebooks' && original?.role === 'cancels'
    return [
      {
        id: row.id,
        at: row.at,
        day: row.businessDate,
        originalDay: original?.businessDate ?? row.businessDate,
        store: kind?.startsWith('store') === true ? owner : (row.forStore ?? row.key.store),
        card: { id: account(cardId), issueId: 1, seq: row.cardSeq ?? 0 },
        currency: 985,
        channel: row.requester.channel,
        operation,
        role: row.role,
        undoes: ['cancels', 'reverses', 'confirms'].includes(row.role) || isRebookedCancellation,
        debit: account(transfer.debit),
        credit: account(transfer.credit),
        amount: transfer.amount,
        sells: row.sells,
        contra:
          kind === null || contraId === undefined
            ? null
            : { id: contraId, kind, owner: kind === 'counterparty_receivable' ? `P-${owner}` : owner },
        originalId: row.originalId,
        otherSeq: row.otherSeq ?? 0,
        availableSeq: row.availableSeq,
        batch: null,
      },
    ]
  })
}

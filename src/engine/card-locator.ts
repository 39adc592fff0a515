import type { Card } from '../core/card.ts'
import type { NumberHashes, Request } from '../core/request.ts'
import { isById, type Key, keyText, KIND, type Original, originalText } from '../core/key.ts'
import type { Transaction } from '../core/transaction.ts'
import { lruMap, type LruMap } from './lru-map.ts'
import { selectCardIds, selectCardIdsByBarcode, toCardId } from '../db/sql/cards.ts'
import { selectCardsOfIds, selectCardsOfKeys, selectCardsOfPayments, toCardsOfOriginal } from '../db/sql/originals.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Row } from '../db/sql/row.ts'

/**
 * Finds cards: the card of a number and the cards that an earlier transaction touches. Both never change once known, so
 * they are remembered; absent ones are queried again each time. Numbers themselves are not kept, only their keyed
 * hashes.
 */
export type CardLocator = {
  /** The cards to lock for these requests, and the originals whose parents must be read. Unknown ones are simply missing. */
  readonly locate: (connection: WorkerConnection, requests: readonly Request[]) => Promise<Located>
  readonly learn: (rows: readonly Transaction[]) => void
  /** Names of the cards that a request touches, as far as known. Requests that share a name must not be in two batches at once. */
  readonly namesOf: (request: Request) => readonly string[]
  /** Numbers of cards that the caller has just read with their ids: they need not be asked for. */
  readonly know: (cards: readonly KnownCard[]) => void
  /** Tells which cards turned out to be replaced by duplicates: requests for them go to their successors, which are locked too. */
  readonly replaced: (cards: readonly Card[]) => void
}

export type KnownCard = { readonly id: number; readonly numberHash: string }

export type Located = {
  readonly cardIds: ReadonlySet<number>
  /** `numberHash` of the presented numbers → id. */
  readonly shown: ReadonlyMap<string, number>
  readonly withParents: readonly Original[]
}

/** A number was not found, and some cards are stored under a key with which it was not hashed: the card may exist all the same. */
export class KeyMissing extends Error {}

// 200,000 entries of about 150 bytes: 30 MB at most, hours of a busy chain's confirmations.
const ENTRIES = 200_000

/** Whether a transaction refers to another one that must be read as well. */
type OfOriginal = { readonly cards: readonly number[]; readonly hasParent: boolean }

/** The cached data. */
type Memory = {
  /** By `numberHash`. */
  readonly cardIds: LruMap<number>
  readonly successors: LruMap<number>
  /** By `originalText`. */
  readonly ofOriginals: LruMap<OfOriginal>
}

export function createCardLocator(): CardLocator {
  const memory: Memory = {
    cardIds: lruMap<number>(ENTRIES),
    successors: lruMap<number>(ENTRIES),
    ofOriginals: lruMap<OfOriginal>(ENTRIES),
  }
  return {
    async locate(connection, requests) {
      const paid = await lookUpUnseen(memory, connection, requests)
      return fromMemory(memory, requests, paid)
    },
    namesOf: (request) => cardNames(memory, request),
    know(cards) {
      for (const { id, numberHash } of cards) memory.cardIds.set(numberHash, id)
    },
    replaced(cards) {
      for (const { id, replacedBy } of cards) if (replacedBy !== null) memory.successors.set(String(id), replacedBy)
    },
    learn(rows) {
      for (const row of rows) {
        // Only transactions that wait for their 0202 are remembered: they are needed next, the others seldom.
        if (row.state !== 'unconfirmed' || row.cardId === null) continue
        // A transaction that refers to others is queried later: not all its cards are known here.
        if (row.originalId !== null || row.operation === 'duplicate') continue
        memory.ofOriginals.set(keyText(row.key), { cards: [row.cardId], hasParent: false })
      }
    },
  }
}

/**
 * Names of a card: by hash if a number is presented, because its card may not be known yet, and by id, because a confirmation
 * has nothing else. Both are needed so that no two batches have the same card: they would lock each other out and be split.
 */
function cardNames({ cardIds, ofOriginals }: Memory, request: Request): string[] {
  const names: string[] = []
  for (const { numberHash } of presentedNumbers(request)) {
    names.push(numberHash)
    const id = cardIds.get(numberHash)
    if (id !== undefined) names.push(`card ${id}`)
  }
  if (request.ask.act === 'apply_staged') names.push(`card ${request.ask.cardId}`)
  const original = originalOf(request)
  const of = original === null ? undefined : ofOriginals.get(originalText(original))
  for (const id of of?.cards ?? []) names.push(`card ${id}`)
  return names
}

/**
 * Queries the database for cards that are not remembered yet. Returns the cards of payments that receipts name: these
 * are not kept.
 */
async function lookUpUnseen(
  memory: Memory,
  connection: WorkerConnection,
  requests: readonly Request[],
): Promise<readonly number[]> {
  const unseen = new Map<string, NumberHashes>()
  const keys = new Map<string, Key>()
  const ids = new Set<number>()
  const receipts = new Set<string>()
  for (const request of requests) {
    for (const number of presentedNumbers(request)) {
      if (memory.cardIds.get(number.numberHash) === undefined) unseen.set(number.numberHash, number)
    }
    const original = originalOf(request)
    if (original !== null && memory.ofOriginals.get(originalText(original)) === undefined) {
      if (isById(original)) ids.add(original.id)
      else keys.set(keyText(original), original)
    }
    const receipt = receiptOf(request)
    if (receipt !== null) receipts.add(receipt)
  }

  if (unseen.size > 0) await lookUpNumbers(memory, connection, [...unseen.values()])
  if (keys.size > 0) {
    const [rows = []] = await connection.send(selectCardsOfKeys([...keys.values()]))
    for (const { key, cards, hasParent } of rows.map(toCardsOfOriginal)) {
      memory.ofOriginals.set(keyText(key), { cards, hasParent })
    }
  }
  if (ids.size > 0) {
    const [rows = []] = await connection.send(selectCardsOfIds([...ids]))
    for (const { id, cards, hasParent } of rows.map(toCardsOfOriginal)) {
      memory.ofOriginals.set(originalText({ id }), { cards, hasParent })
    }
  }
  if (receipts.size === 0) return []
  const [rows = []] = await connection.send(selectCardsOfPayments([...receipts]))
  return rows.flatMap(([id]) => (typeof id === 'number' ? [id] : []))
}

/** Most presented numbers are card numbers: EAN-13 and missing keys are looked up only if none was found. */
async function lookUpNumbers(
  memory: Memory,
  connection: WorkerConnection,
  numbers: readonly NumberHashes[],
): Promise<void> {
  const [rows = []] = await connection.send(selectCardIds(numbers.flatMap(hashesOf)))
  const missing = notFound(memory, numbers, rows)
  if (missing.length === 0) return
  const [barcodes = [], [[newest] = []] = []] = await connection.send(selectCardIdsByBarcode(missing.flatMap(hashesOf)))
  for (const { newestKey } of notFound(memory, missing, barcodes)) {
    if (Number(newest) > newestKey) throw new KeyMissing(`no PAN key newer than ${newestKey} here`)
  }
}

/** Caches the cards of these rows; returns the numbers that have no row. */
function notFound({ cardIds }: Memory, numbers: readonly NumberHashes[], rows: readonly Row[]): NumberHashes[] {
  const ids = new Map(rows.map(toCardId).map(({ id, numberHash }) => [numberHash, id]))
  return numbers.filter((number) => {
    const id = hashesOf(number)
      .map((hash) => ids.get(hash))
      .find((one) => one !== undefined)
    if (id !== undefined) cardIds.set(number.numberHash, id)
    return id === undefined
  })
}

function fromMemory(
  { cardIds, successors, ofOriginals }: Memory,
  requests: readonly Request[],
  paid: readonly number[],
): Located {
  const found = new Set<number>(paid)
  const shown = new Map<string, number>()
  const withParents: Original[] = []
  for (const request of requests) {
    for (const { numberHash } of presentedNumbers(request)) {
      const id = cardIds.get(numberHash)
      if (id === undefined) continue
      found.add(id)
      shown.set(numberHash, id)
    }
    if (request.ask.act === 'apply_staged') found.add(request.ask.cardId)
    const original = originalOf(request)
    const of = original === null ? undefined : ofOriginals.get(originalText(original))
    for (const card of of?.cards ?? []) found.add(card)
    if (original !== null && of?.hasParent === true) withParents.push(original)
  }
  // The loop over a Set also visits elements added during it: a replaced card's successor, and the successor of that
  // one.
  for (const id of found) {
    const successor = successors.get(String(id))
    if (successor !== undefined) found.add(successor)
  }
  return { cardIds: found, shown, withParents }
}

/** The numbers that a request shows: none, one, or two for a duplicate. */
export function presentedNumbers({ ask }: Request): readonly NumberHashes[] {
  if (ask.act === 'stage') return ask.load.presented.luhn ? [ask.load.presented] : []
  if (ask.act === 'operation') {
    const own = ask.presented.luhn ? [ask.presented] : []
    return ask.successor === null ? own : [...own, ask.successor]
  }
  if (ask.act === 'cancellation' || ask.act === 'reversal') {
    return ask.presented === null ? [] : [ask.presented]
  }
  return []
}

const hashesOf = ({ numberHash, otherHash }: NumberHashes): readonly string[] =>
  otherHash === null ? [numberHash] : [numberHash, otherHash]

/**
 * The transaction that a request refers to: its original, the payment of a refund by its id, or the expiry that an
 * extension undoes.
 */
export function originalOf({ key, ask }: Request): Original | null {
  switch (ask.act) {
    case 'operation':
      return typeof ask.receipt === 'object' && ask.receipt !== null ? ask.receipt : (ask.office?.expiry ?? null)
    case 'forward':
    case 'refused':
    case 'unclear_reversal':
    case 'stage':
    case 'apply_staged':
      return null
    case 'answer':
      // The answer to an 0400 also settles the transaction that the 0400 cancels.
      return key.kind === KIND.cancellation ? key : null
    case 'confirmation':
    case 'cancellation':
    case 'reversal':
    case 'resolution':
      return ask.original
  }
}

/** The row that a host's answer settles. */
export const routedOf = ({ ask }: Request): readonly number[] => (ask.act === 'answer' ? [ask.id] : [])

export const receiptOf = ({ ask }: Request): string | null =>
  ask.act === 'operation' && typeof ask.receipt === 'string' ? ask.receipt : null

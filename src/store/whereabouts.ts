import type { Card } from '../core/card.ts'
import { keyText, type Key, type Request } from '../core/request.ts'
import type { Transaction } from '../core/transaction.ts'
import { remembered } from './remembered.ts'
import { selectCardIds, toCardId } from './sql/cards.ts'
import { selectCardsOfKeys, selectCardsOfPayments, toCardsOfKey } from './sql/originals.ts'
import type { WorkerConnection } from './connection.ts'

/**
 * Where things are: which card a number means and which cards an earlier transaction touches. Both never change once
 * known, so they are remembered; what is not there yet is asked again each time. Numbers themselves are not kept, only
 * their keyed hashes.
 */
export type Whereabouts = {
  /** The cards to lock for these requests, and the originals whose parents must be read. Unknown ones are simply missing. */
  readonly locate: (connection: WorkerConnection, requests: readonly Request[]) => Promise<Located>
  readonly learn: (rows: readonly Transaction[]) => void
  /** Cards that were found to have been duplicated: what still comes to them goes to their successors, so these are locked too. */
  readonly replaced: (cards: readonly Card[]) => void
}

export type Located = { readonly cardIds: ReadonlySet<number>; readonly withParents: readonly Key[] }

// 200,000 entries of about 150 bytes: 30 MB at most, hours of a busy chain's confirmations.
const ENTRIES = 200_000

export function createWhereabouts(): Whereabouts {
  const cardIds = remembered<number>(ENTRIES)
  const successors = remembered<number>(ENTRIES)
  const ofKeys = remembered<{ cards: readonly number[]; hasParent: boolean }>(ENTRIES)

  return {
    async locate(connection, requests) {
      const hashes = new Set<string>()
      const originals = new Map<string, Key>()
      const receipts = new Set<string>()
      for (const request of requests) {
        for (const hash of presentedHashes(request)) if (cardIds.get(hash) === undefined) hashes.add(hash)
        const original = originalOf(request)
        if (original !== null && ofKeys.get(keyText(original)) === undefined) originals.set(keyText(original), original)
        const receipt = receiptOf(request)
        if (receipt !== null) receipts.add(receipt)
      }

      const paid = new Set<number>()
      if (hashes.size > 0) {
        const [rows = []] = await connection.send(selectCardIds([...hashes]))
        for (const { id, numberHash } of rows.map(toCardId)) cardIds.set(numberHash, id)
      }
      if (originals.size > 0) {
        const [rows = []] = await connection.send(selectCardsOfKeys([...originals.values()]))
        for (const { key, cards, hasParent } of rows.map(toCardsOfKey)) ofKeys.set(keyText(key), { cards, hasParent })
      }
      if (receipts.size > 0) {
        const [rows = []] = await connection.send(selectCardsOfPayments([...receipts]))
        for (const [id] of rows) if (typeof id === 'number') paid.add(id)
      }

      const found = new Set<number>(paid)
      const withParents: Key[] = []
      for (const request of requests) {
        for (const hash of presentedHashes(request)) {
          const id = cardIds.get(hash)
          if (id !== undefined) found.add(id)
        }
        const original = originalOf(request)
        const of = original === null ? undefined : ofKeys.get(keyText(original))
        for (const card of of?.cards ?? []) found.add(card)
        if (original !== null && of?.hasParent === true) withParents.push(original)
      }
      // A Set also gives what is added while it is walked: a replaced card's successor, and that one's.
      for (const id of found) {
        const successor = successors.get(String(id))
        if (successor !== undefined) found.add(successor)
      }
      return { cardIds: found, withParents }
    },
    replaced(cards) {
      for (const { id, replacedBy } of cards) if (replacedBy !== null) successors.set(String(id), replacedBy)
    },
    learn(rows) {
      for (const row of rows) {
        // What waits for its 0202 will be asked about next; the rest seldom, and would only fill the memory.
        if (row.state !== 'unconfirmed' || row.cardId === null) continue
        // What refers to others is left to be asked for: all its cards are not at hand here.
        if (row.originalId !== null || row.operation === 'duplicate') continue
        ofKeys.set(keyText(row.key), { cards: [row.cardId], hasParent: false })
      }
    },
  }
}

/** The keyed hashes of the numbers that a request shows: none, one, or two for a duplicate. */
export function presentedHashes({ ask }: Request): readonly string[] {
  if (ask.act === 'operation') {
    const own = ask.presented.luhn ? [ask.presented.numberHash] : []
    return ask.successorHash === null ? own : [...own, ask.successorHash]
  }
  if (ask.act === 'cancellation' || ask.act === 'reversal') {
    return ask.presented === null ? [] : [ask.presented.numberHash]
  }
  return []
}

export const originalOf = ({ ask }: Request): Key | null =>
  ask.act === 'operation' || ask.act === 'refused' ? null : ask.original

export const receiptOf = ({ ask }: Request): string | null => (ask.act === 'operation' ? ask.receipt : null)

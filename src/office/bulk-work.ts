import { bulkKey, bulkUndoKey } from '../core/key.ts'
import type { WorkerConnection } from '../db/connection.ts'
import {
  selectBulkCards,
  setBulkResult,
  toBulkCard,
  type BulkAction,
  type BulkCard,
  type BulkRow,
} from '../db/sql/bulks.ts'
import { cardNamed } from './card-finding.ts'
import { extensionOf } from './cards.ts'
import { askEngine, type ClerkInput } from './clerk-request.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'

/** A bulk action, whether it is being undone, and the reason for the cards' histories. */
export type BulkTask = { readonly bulk: BulkRow; readonly undo: boolean; readonly reason: string }

const SENT = { do: 'sent', undo: 'undo_sent' } as const

/**
 * Judges the next cards and marks those that will be handed to the engine, so that a job which is broken off goes on with
 * the same ones. Runs in the job's transaction. Returns the piece, with each card's mark.
 */
export async function markPiece(
  connection: WorkerConnection,
  { bulk, undo }: BulkTask,
  after: number,
  most: number,
): Promise<readonly BulkCard[]> {
  const [rows = []] = await connection.send(selectBulkCards(bulk.id, after, most))
  const piece: BulkCard[] = []
  for (const card of rows.map(toBulkCard)) {
    const result = undo ? undoMark(bulk, card) : (card.result ?? (isAsFrozen(card) ? SENT.do : 'changed'))
    if (result !== card.result) await connection.send(setBulkResult(bulk.id, card.position, result, null))
    piece.push({ ...card, result })
  }
  return piece
}

const isAsFrozen = ({ block, blockBefore, validUntil, validBefore }: BulkCard): boolean =>
  block === blockBefore && validUntil === validBefore

/** Only completed actions are undone, and only if the card has not changed since. */
function undoMark(bulk: BulkRow, card: BulkCard): string {
  if (card.result !== 'done') return card.result ?? 'changed'
  const left = {
    block: card.block === bulk.block && card.validUntil === card.validBefore,
    unblock: card.block === null && card.validUntil === card.validBefore,
    extend: card.block === card.blockBefore && card.validUntil === bulk.until,
  } satisfies Record<BulkAction, boolean>
  return left[bulk.action] && !card.touched ? SENT.undo : 'touched'
}

export type Answered = { readonly position: number; readonly result: string; readonly at: number | null }

/** Asks the engine for each marked card of a piece; a card that was asked for before a kill is answered as it was then. */
export const askForPiece = (office: Office, task: BulkTask, piece: readonly BulkCard[]): Promise<Answered[]> =>
  Promise.all(
    piece
      .filter(({ result }) => result === (task.undo ? SENT.undo : SENT.do))
      .map(async (card) => {
        const at = office.clock()
        const declined = await askFor(office, task, card, at)
        if (declined !== null) return { position: card.position, result: wordOf(declined), at: null }
        return { position: card.position, result: task.undo ? 'undone' : 'done', at }
      }),
  )

const wordOf = ({ refused: code }: Refused): string => code.slice(0, 40)

async function askFor(office: Office, task: BulkTask, card: BulkCard, at: number): Promise<Refused | null> {
  const { bulk, undo, reason } = task
  const view = await cardNamed(office, { by: 'id', id: card.card })
  if (isRefused(view)) return view
  const key = undo ? bulkUndoKey(bulk.id, card.position) : bulkKey(bulk.id, card.position)
  const order = await orderFor(office, task, card, view)
  return askEngine(office, { login: bulk.by, channel: 'menu' }, at, { ...order, card: view, reason, key })
}

type Order = Pick<ClerkInput, 'right' | 'operation' | 'block' | 'against' | 'office'>
type View = Exclude<Awaited<ReturnType<typeof cardNamed>>, Refused>

async function orderFor(office: Office, { bulk, undo }: BulkTask, card: BulkCard, view: View): Promise<Order> {
  if (bulk.action === 'extend') {
    const until = undo ? (card.validBefore ?? '') : (bulk.until ?? '')
    return { right: 'cards.extend', ...(await extensionOf(office, view, until)) }
  }
  if ((bulk.action === 'block') === undo) return { right: 'cards.unblock', operation: 'unblock' }
  const block = undo ? card.blockBefore : bulk.block
  return { right: 'cards.block', operation: 'block', ...(block === null ? {} : { block }) }
}

export const answeredStatements = ({ bulk }: BulkTask, answers: readonly Answered[]): readonly string[] =>
  answers.map(({ position, result, at }) => setBulkResult(bulk.id, position, result, at))

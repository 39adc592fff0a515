import { randomBytes } from 'node:crypto'
import type { Connection } from 'mysql2/promise'
import type { DemoCard } from './cards.ts'
import { demoStores } from './setting.ts'
import { ecodeHash, numberHash } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { sealNumber } from '../cards/seal.ts'
import { parseTrack2 } from '../cards/track.ts'
import { stateWithoutHistory } from '../core/state-without-history.ts'
import { execute, noChanges } from '../core/apply.ts'
import type { Card } from '../core/card.ts'
import type { Issue } from '../core/issue.ts'
import type { AccountId } from '../core/money.ts'
import { ownRequest } from '../core/own-request.ts'
import type { Presented, Request } from '../core/request.ts'
import { KIND } from '../core/key.ts'
import type { Transaction } from '../core/transaction.ts'
import { insertTransactions } from '../db/sql/transactions.ts'
import { insertUnfolded } from '../db/sql/unfolded.ts'

/**
 * The cards of a demo. Sold ones get their money by a sale that the core decides, so that the ledger check covers them.
 */

/** A set of demo cards: its pack, the cards and their opening sales. */
export async function insertDemoCards(
  connection: Connection,
  keys: CardKeys,
  cards: readonly DemoCard[],
  issues: ReadonlyMap<string, Issue>,
  lot: Lot,
): Promise<void> {
  await insertPack(connection, lot.packId, cards, issues)
  await insertCards(connection, keys, cards, issues, lot)
}

/** A row each for the cards, and as many again for their opening sales. */
export const rowsOf = ({ length }: { readonly length: number }): number => length * 2

/** Creates the pack of the `inactive` cards: received by the first store, not activated. */
async function insertPack(
  connection: Connection,
  id: number,
  cards: readonly DemoCard[],
  issues: ReadonlyMap<string, Issue>,
): Promise<void> {
  const packed = cards.filter(({ state }) => state === 'inactive')
  const issue = issues.get(packed[0]?.issue ?? '')
  await connection.query('INSERT INTO packs (id, issue_id, store_code, state, cards, made_by) VALUES (?)', [
    [id, issue?.id, demoStores[0]?.id, 'received', packed.length, 'demo'],
  ])
}

type Opening = { readonly saleId: number; readonly receivable: AccountId; readonly now: number }

export type Lot = {
  readonly firstRow: number
  readonly receivable: AccountId
  readonly packId: number
  readonly now: number
}

async function insertCards(
  connection: Connection,
  keys: CardKeys,
  cards: readonly DemoCard[],
  issues: ReadonlyMap<string, Issue>,
  { firstRow, receivable, packId, now }: Lot,
): Promise<void> {
  const rows: unknown[][] = []
  const sales: Transaction[] = []
  for (const [i, demo] of cards.entries()) {
    const issue = issues.get(demo.issue)
    const stripe = parseTrack2(demo.track2)
    if (issue === undefined || stripe === 'not_a_track') throw new Error('the demo set contradicts itself')
    const card: Card = {
      id: firstRow + i,
      issueId: issue.id,
      ecodeHash: null,
      expiry: stripe.expiry,
      version: Number(stripe.version),
      state: demo.state === 'inactive' ? 'inactive' : 'sellable',
      block: null,
      blockStore: null,
      validUntil: demo.validUntil,
      soldAt: null,
      replacedBy: null,
      day: null,
      daySince: null,
      refundDay: null,
      refundSince: null,
      refundAmount: 0,
      dayCount: 0,
      dayAmount: 0,
      topUps: 0,
      tried: false,
      packId: demo.state === 'inactive' ? packId : null,
      bound: false,
      wasSold: false,
      suspectedAt: null,
      staged: 0,
      seq: 0,
      ledger: 0,
      available: 0,
    }
    if (demo.balance > 0) {
      sales.push(...openingSale(card, issue, demo, { saleId: card.id + cards.length, receivable, now }))
    }
    rows.push([
      card.id, issue.id, demo.serial, numberHash(keys, demo.number), sealNumber(keys, demo.number, randomBytes(12)), demo.number.slice(0, 6),
      demo.number.slice(-4), ecodeHash(keys, demo.ecode), card.expiry, card.version, card.state,
      demo.state === 'blocked' ? 'customer' : null, card.validUntil, card.ledger, card.available, card.packId,
      card.soldAt === null ? null : new Date(card.soldAt), card.wasSold, card.seq,
    ]) // prettier-ignore
  }
  await connection.query(
    `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, ecode_hash, expiry,
       version, state, block, valid_until, ledger, available, pack_id, sold_at, was_sold, seq) VALUES ?`,
    [rows],
  )
  await connection.query(insertTransactions(sales))
  await connection.query(insertUnfolded({ settled: sales.map(({ id }) => id), touched: [] }))
}

/** Sells the card in memory by the rules of the core, on the day it was good; returns the row to be written. */
function openingSale(card: Card, issue: Issue, demo: DemoCard, opening: Opening): Transaction[] {
  const state = stateWithoutHistory(new Map([[issue.id, issue]]), [{ card, numberHash: OPENED.numberHash }], [])
  const changes = noChanges()
  const day = demo.validUntil ?? new Date(opening.now).toISOString().slice(0, 10)
  const { result } = execute(state, changes, openingRequest(card, issue, demo, opening, day))
  if (result !== 'approved') throw new Error(`the demo set breaks its own rules: ${result}`)
  return changes.rows
}

/** How the card of an opening sale is presented. */
const OPENED: Presented = {
  numberHash: 'opened',
  otherHash: null,
  newestKey: 1,
  luhn: true,
  shown: '',
  by: 'barcode',
  stripe: null,
  ecodeHash: null,
}

const openingRequest = (card: Card, issue: Issue, demo: DemoCard, opening: Opening, day: string): Request =>
  ownRequest({
    id: opening.saleId,
    spareId: opening.saleId,
    key: { store: 'AKART', terminal: 'DEMO', kind: KIND.financial, stan: demo.serial, transmitted: card.id },
    by: 'demo',
    requester: { channel: 'cli', who: 'demo' },
    at: opening.now,
    day,
    processingCode: issue.nominal === null ? '900060' : '930060',
    amount: demo.balance,
    currency: issue.currency,
    trace: 'demo',
    ask: {
      act: 'operation',
      operation: 'sale',
      presented: OPENED,
      nominal: issue.nominal !== null,
      amount: demo.balance,
      currency: issue.currency,
      contra: opening.receivable,
      partial: false,
      ontoNew: false,
      block: null,
      successor: null,
      receipt: null,
      office: null,
    },
  })

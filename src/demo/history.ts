import { randomBytes } from 'node:crypto'
import { CLUB, CLUB_PACKS, clubNumbers, clubPlan } from './club.ts'
import type { CardKeys } from '../cards/keys.ts'
import { makeCards } from '../cards/made-card.ts'
import { execute, noChanges } from '../core/apply.ts'
import type { Card } from '../core/card.ts'
import type { Issue } from '../core/issue.ts'
import { stateWithoutHistory } from '../core/state-without-history.ts'
import type { Pack } from '../core/pack.ts'
import type { Access } from '../db/access.ts'
import { withAdvisoryLock } from '../db/advisory-lock.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { selectCard, toCard } from '../db/sql/cards.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
import { integer, text } from '../db/sql/literal.ts'
import { type DayEnd, insertDayEnd } from '../db/sql/day-ends.ts'
import { insertCards } from '../db/sql/new-cards.ts'
import { insertPackEvent } from '../db/sql/pack-rows.ts'
import { unitOfWork } from '../db/unit-of-work.ts'
import { writesOf } from '../engine/executor.ts'
import { closeDay, openDay } from './day-ends.ts'
import { insertIssue, readIssue } from './new-issue.ts'
import { playStory } from './story.ts'
import { TILLS } from './tills.ts'

const COLUMNS = {
  sale_maximum: integer(1_000_00),
  top_up_minimum: integer(10_00),
  top_up_maximum: integer(500_00),
  top_up_step: '1',
  maximum_balance: integer(2_000_00),
  cash_out_maximum: integer(5_00),
} as const

/** The person of the demo who made and sent the packs. */
const BY = 'issuer'
const DAY_MS = 86_400_000
/** More ids than the longest story takes; unused ids do no harm. */
const IDS = 20_000

/**
 * Adds some weeks of history to a demo that has none, also to an older demo at its next start. The core decides the requests in
 * memory one by one, and all are written in one database transaction like a batch of the engine, so search rows and sums of
 * reports follow as usual.
 */
export const equipDemoHistory = (access: Access, keys: CardKeys, days: number, now: number): Promise<void> =>
  withAdvisoryLock(access, 'demo-history', () => equip(access, keys, days, now), { timeoutSeconds: TIMEOUT_SECONDS })

/** It takes a fifth of a second, on a busy machine several seconds. */
const TIMEOUT_SECONDS = 120

async function equip(access: Access, keys: CardKeys, days: number, now: number): Promise<void> {
  const isThere = await unitOfWork(access, async (connection) => {
    const [rows = []] = await connection.send(`SELECT 1 FROM issues WHERE code = ${text(CLUB.code)}`)
    return rows.length > 0
  })
  if (isThere || days === 0) return
  const first = await takeIds(access, 'row', CLUB.cards + IDS)
  const firstPack = await takeIds(access, 'pack', CLUB_PACKS.length)
  await unitOfWork(access, async (connection) => {
    let id = first + CLUB.cards
    const nextId = (): number => id++
    const issue = await insertClubIssue(connection, keys, first)
    const packs = await insertPacks(connection, issue, firstPack, { nextId, now, from: now - (days + 1) * DAY_MS })
    await writeStory(connection, { issue, packs, nextId, days, now })
    await connection.send(nextRegistryVersion)
  })
}

async function insertClubIssue(connection: WorkerConnection, keys: CardKeys, firstCard: number): Promise<Issue> {
  const id = await insertIssue(connection, CLUB, COLUMNS)
  const plan = clubPlan(id, firstCard)
  await connection.send(insertCards(plan, makeCards(keys, plan, 1, clubNumbers(keys), randomBytes(12 * CLUB.cards))))
  return readIssue(connection, id)
}

type HistoryContext = { readonly nextId: () => number; readonly now: number; readonly from: number }

/** The steps that brought a pack to each state. */
const WAYS = {
  made: ['made'],
  dispatched: ['made', 'dispatched'],
  active: ['made', 'dispatched', 'received', 'activated'],
} as const

/** Packs on sale since the story began; the other two are on sale since the last days. */
async function insertPacks(
  connection: WorkerConnection,
  issue: Issue,
  firstPack: number,
  { nextId, now, from }: HistoryContext,
): Promise<Pack[]> {
  const packs: Pack[] = []
  let serial = 1
  for (const [i, { store, state, cards }] of CLUB_PACKS.entries()) {
    const id = firstPack + i
    const begun = state === 'active' ? from : now - 2 * DAY_MS
    await connection.send(
      `INSERT INTO packs (id, issue_id, store_code, state, cards, made_by, activated_by)
       VALUES (${integer(id)},${integer(issue.id)},${text(store)},${text(state)},${integer(cards)},${text(BY)},
         ${state === 'active' ? text(BY) : 'NULL'});
       UPDATE cards SET pack_id = ${integer(id)} WHERE issue_id = ${integer(issue.id)}
         AND serial BETWEEN ${integer(serial)} AND ${integer(serial + cards - 1)}`,
    )
    for (const [step, event] of WAYS[state].entries()) {
      const at = begun + step * 3_600_000
      await connection.send(
        insertPackEvent({ id: nextId(), packId: id, event, who: BY, at, reason: null, detail: null }),
      )
    }
    packs.push({ id, recipient: 'store', state, authorised: false })
    serial += cards
  }
  return packs
}

type Story = {
  readonly issue: Issue
  readonly packs: readonly Pack[]
  readonly nextId: () => number
  readonly days: number
  readonly now: number
}

async function writeStory(connection: WorkerConnection, { issue, packs, nextId, days, now }: Story): Promise<void> {
  const [rows = [], accounts = []] = await connection.send(
    `${selectCard} WHERE issue_id = ${integer(issue.id)} ORDER BY serial;
     SELECT kind, owner, id FROM accounts WHERE currency = ${integer(issue.currency)}`,
  )
  const cards = rows.map(toCard)
  const accountOf = new Map(accounts.map(([kind, owner, id]) => [`${String(kind)} ${String(owner)}`, Number(id)]))
  const before = new Map(cards.map(({ id, seq, state: is, block, ledger }) => [id, { seq, state: is, block, ledger }]))
  const state = stateWithoutHistory(new Map([[issue.id, issue]]), cards.map(named), packs)
  const changes = noChanges()
  const ends: DayEnd[] = []
  playStory(
    {
      nextId,
      account: (kind, store) => accountOf.get(`${kind} ${store}`) ?? 0,
      hashOf: (serial) => (serial === null ? 'nobody' : nameOf(serial)),
      book: (request) => execute(state, changes, request).result,
      closeDay(request) {
        const { row, end } = closeDay(request, changes.rows, (account) => state.cards.has(account))
        changes.rows.push(row)
        ends.push(end)
      },
    },
    days,
    now,
  )
  for (const write of writesOf(state, changes, before)) await connection.send(write)
  for (const end of ends) await connection.send(insertDayEnd(end))
  const today = new Date(now).toISOString().slice(0, 10)
  for (const { code } of TILLS) await connection.send(openDay(code, today))
}

const named = (card: Card, i: number): { card: Card; numberHash: string } => ({ card, numberHash: nameOf(i + 1) })
const nameOf = (serial: number): string => `club-${serial}`

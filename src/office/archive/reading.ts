import type { Line } from '../../db/archiving.ts'
import { cardOf, idOf } from '../../db/archiving.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { selectThere, toId } from '../../db/sql/archive-rows.ts'
import { selectArchivedAccounts, selectArchivedTotals } from '../../db/sql/archived-figures.ts'
import { type Archive, selectArchivedCards, selectArchivesOfCard } from '../../db/sql/archives.ts'
import type { Actor } from '../actor.ts'
import { cardFor } from '../card-finding.ts'
import type { CardRef } from '../card-name.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { alone, listAll } from './archiving.ts'
import { Damaged, nameOf, placeOf, readLines, sha256Of } from './files.ts'

export type { Archive }

export const listArchives = async (office: Office, actor: Actor): Promise<readonly Archive[] | Refused> =>
  mayDo(actor, 'reports.see') ?? listAll(office)

/** The search criteria for archived transactions; absent ones match everything. */
export type ArchiveSearch = {
  readonly card: CardRef | undefined
  readonly id: number | undefined
  readonly rrn: string | undefined
  readonly approval: string | undefined
  readonly store: string | undefined
  readonly terminal: string | undefined
  /** Booking days, both included. */
  readonly from: string | undefined
  readonly to: string | undefined
  readonly most: number
}

export type Found = { readonly archive: Archive; readonly line: Line }

/** Searches the files whose days and cards can match. */
export async function findArchived(
  office: Office,
  actor: Actor,
  directory: string,
  search: ArchiveSearch,
): Promise<readonly Found[] | Refused> {
  const no = mayDo(actor, 'transactions.find')
  if (no !== null) return no
  const card = search.card === undefined ? null : await cardFor(office, actor, 'cards.find', search.card)
  if (card !== null && isRefused(card)) return card
  const [ofCard = []] =
    card === null ? [] : await office.db.use((connection) => connection.send(selectArchivesOfCard(card.id)))
  const holds = new Set(ofCard.map(toId))
  const found = new Map<number, Found>()
  for (const archive of await listAll(office)) {
    if (card !== null && !holds.has(archive.id)) continue
    if (search.from !== undefined && archive.lastDay < search.from) continue
    if (search.to !== undefined && archive.firstDay > search.to) continue
    const path = await placeOf(directory, archive)
    if (path === null) return refused('archive_missing', { file: nameOf(archive) })
    for await (const lines of readLines(path, archive)) {
      for (const line of lines) {
        if (isWanted(line, search, card?.id ?? null)) found.set(idOf(line), { archive, line })
        if (found.size === search.most) return [...found.values()]
      }
    }
  }
  return [...found.values()]
}

function isWanted({ transaction: t }: Line, search: ArchiveSearch, card: number | null): boolean {
  const day = String(t['business_date'])
  return (
    (card === null || [t['card_id'], t['credit_account'], t['debit_account']].includes(card)) &&
    (search.id === undefined || t['id'] === search.id) &&
    (search.rrn === undefined || t['rrn'] === search.rrn) &&
    (search.approval === undefined || t['approval_code'] === search.approval) &&
    (search.store === undefined || (t['for_store'] ?? t['store_code']) === search.store) &&
    (search.terminal === undefined || t['terminal_code'] === search.terminal) &&
    (search.from === undefined || day >= search.from) &&
    (search.to === undefined || day <= search.to)
  )
}

export type ArchiveReport = {
  readonly files: number
  /** Lines whose transactions have been removed from the database. */
  readonly transactions: number
  /** Differences from what was written, a line each; at most 100. */
  readonly faults: readonly string[]
}

const MOST_FAULTS = 100
const ACCOUNTS_A_PAGE = 5_000
const LAST_ACCOUNT = 1_000_000

/**
 * Verifies the archive: each file is the recorded one, complete and readable; the removed transactions are no longer in the
 * database; each archived card had a balance of zero; and the figures kept in the database agree with the files. No run may
 * change them meanwhile.
 */
export async function verifyArchive(office: Office, actor: Actor, directory: string): Promise<ArchiveReport | Refused> {
  return mayDo(actor, 'reports.see') ?? alone(office, () => verifyFiles(office, directory))
}

async function verifyFiles(office: Office, directory: string): Promise<ArchiveReport> {
  const archives = await listAll(office)
  const books: Books = { transactions: 0, transfers: 0, amount: 0, accounts: new Map(), cards: new Map() }
  const faults: string[] = []
  for (const archive of archives) {
    const problem = await office.db.use((connection) => readInto(books, connection, directory, archive))
    if (problem !== null) faults.push(`${nameOf(archive)}: ${problem}`)
  }
  // If a file is missing, its sums are missing too, and a comparison would only repeat the fault.
  if (faults.length === 0) faults.push(...(await office.db.use((connection) => differences(connection, books))))
  return { files: archives.length, transactions: books.transactions, faults: faults.slice(0, MOST_FAULTS) }
}

type Books = {
  transactions: number
  transfers: number
  amount: number
  /** Accounts other than cards. */
  readonly accounts: Map<number, number>
  /** Card balances of the current story, whose lines are one after the other. */
  readonly cards: Map<number, number>
}

async function readInto(
  books: Books,
  connection: WorkerConnection,
  directory: string,
  archive: Archive,
): Promise<string | null> {
  const path = await placeOf(directory, archive)
  if (path === null) return `is not in ${directory}`
  if ((await sha256Of(path)) !== archive.sha256) return 'is not the file that is on record'
  let removed = 0
  let story = 0
  books.cards.clear()
  try {
    for await (const lines of readLines(path, archive)) {
      const cards = [...new Set(lines.filter(({ story }) => story !== 0).map(cardOf))]
      const [gone = [], there = []] = await connection.send(
        `${selectArchivedCards(archive.id, cards)};${selectThere(lines.map(idOf))}`,
      )
      const isGone = new Set(gone.map(toId))
      const isThereStill = new Set(there.map(toId))
      for (const line of lines) {
        if (line.story !== story) {
          const left = leftOn(books)
          if (left !== null) return left
          story = line.story
        }
        const isRemoved = line.story === 0 ? !isThereStill.has(idOf(line)) : isGone.has(cardOf(line))
        if (!isRemoved) continue
        if (isThereStill.has(idOf(line))) return `transaction ${idOf(line)} was removed and is in the database`
        removed += 1
        add(books, line)
      }
    }
  } catch (error) {
    if (error instanceof Damaged) return error.message
    throw error
  }
  books.transactions += removed
  const left = leftOn(books)
  if (left !== null || removed === archive.removed) return left
  return `${removed} of its transactions are removed, ${archive.removed} are on record`
}

/** What a story left on one of its cards, as a fault; null: nothing. The next story begins with no card. */
function leftOn({ cards }: Pick<Books, 'cards'>): string | null {
  const left = [...cards].find(([, amount]) => amount !== 0)
  cards.clear()
  return left === undefined ? null : `card ${left[0]} went with ${left[1]} on it`
}

function add(books: Books, { transaction: t }: Line): void {
  const amount = Number(t['amount'])
  if (amount === 0 || t['state'] === 'pending') return
  books.transfers += 1
  books.amount += amount
  for (const [account, change] of [
    [Number(t['credit_account']), amount],
    [Number(t['debit_account']), -amount],
  ] as const) {
    const into = account > LAST_ACCOUNT ? books.cards : books.accounts
    into.set(account, (into.get(account) ?? 0) + change)
  }
}

async function differences(connection: WorkerConnection, { transfers, amount, accounts }: Books): Promise<string[]> {
  const [[totals] = []] = await connection.send(selectArchivedTotals)
  const faults =
    Number(totals?.[0]) === transfers && Number(totals?.[1]) === amount
      ? []
      : [
          `the files have ${transfers} transfers of ${amount}, the sums ${String(totals?.[0])} of ${String(totals?.[1])}`,
        ]
  const seen = new Set<number>()
  for (let after = 0; ;) {
    const [rows = []] = await connection.send(selectArchivedAccounts(after, ACCOUNTS_A_PAGE))
    for (const [account, sum] of rows.map((row) => [Number(row[0]), Number(row[1])] as const)) {
      after = account
      seen.add(account)
      const wanted = account > LAST_ACCOUNT ? 0 : (accounts.get(account) ?? 0)
      if (sum !== wanted) faults.push(`account ${account}: the files give ${wanted}, the sums ${sum}`)
    }
    if (rows.length < ACCOUNTS_A_PAGE) break
  }
  for (const [account, sum] of accounts) {
    if (sum !== 0 && !seen.has(account)) faults.push(`account ${account}: the files give ${sum}, the sums nothing`)
  }
  return faults
}

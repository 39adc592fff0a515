import { mkdir, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type MustHold, withAdvisoryLock } from '../../db/advisory-lock.ts'
import { type Line, lineColumns, linesByIds, linesOfStories, removeLot } from '../../db/archiving.ts'
import { storiesEndedIn } from '../../db/card-stories.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { rangeLeft } from '../../db/reports/folding.ts'
import { type Place, selectCardless, selectOldest, type Span } from '../../db/sql/archive-rows.ts'
import { type Archive, endRemoval, insertArchive, selectArchives, toArchive } from '../../db/sql/archives.ts'
import { selectIsBackfillLeft } from '../../db/sql/backfills.ts'
import { fromInstant } from '../../db/sql/literal.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import {
  finish,
  isThere,
  nameOf,
  type Part,
  pathOf,
  placeOf,
  readLines,
  sha256Of,
  unfinished,
  writeLines,
} from './files.ts'

/** The minimum age in months: repeats get their answers for 13 months, and transactions can be undone for a year. */
export const LEAST_MONTHS = 13

/** The steps at which a test may end the process. */
export type Step = 'writing' | 'written' | 'recorded' | 'named' | 'removing' | 'removed a lot' | 'removed all'

export type ArchiveOptions = {
  readonly directory: string
  /** Only transactions of cards without any movement for this number of whole months are archived. */
  readonly months: number
  /** Called at the start and from time to time with the number of finished months. */
  readonly onProgress?: (done: number, of: number) => void
  readonly reached?: (step: Step) => void
  /** The approximate number of lines that one database transaction removes. */
  readonly lot?: number
}

/** The finished files. */
export type Archived = { readonly archives: readonly Archive[] }

/** Lines that one database transaction removes. */
const LOT = 500
/** A running Akart updates the derived records every quarter of a second, and removals wait for it. */
const FOLDING_TRIES = 300
const FOLDING_PAUSE_MS = 100

/**
 * Moves the transactions of cards that have been empty and without movement for some months into files, one file a month:
 * the file is written and recorded in the audit first, then the rows are removed. After an interruption the next run
 * finishes the month or begins it again.
 */
export async function archiveTransactions(
  office: Office,
  actor: Actor,
  options: ArchiveOptions,
): Promise<Archived | Refused> {
  const no = mayDo(actor, 'settings.edit')
  if (no !== null) return no
  if (options.months < LEAST_MONTHS) return refused('archive_too_young', { months: LEAST_MONTHS })
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  return alone(office, (mustHold) => runMonths(office, actor, { ...options, mustHold }))
}

/** Runs work on the archive while no other process does. @throws a set-up error if one does */
export const alone = <T>({ db }: Pick<Office, 'db'>, work: (mustHold: MustHold) => Promise<T>): Promise<T> =>
  withAdvisoryLock(db.access, 'archive', work, { timeoutSeconds: 1 })

type Run = ArchiveOptions & { readonly mustHold: MustHold }

async function runMonths(office: Office, actor: Actor, options: Run): Promise<Archived | Refused> {
  const { onProgress = () => undefined } = options
  const before = await listAll(office)
  const finished: Archive[] = []
  for (const archive of before.filter(({ removedAt }) => removedAt === null)) {
    const done = await removeArchived(office, actor, archive, options)
    if (isRefused(done)) return done
    finished.push(done)
  }
  const left = await office.db.use(async (connection) => {
    const [[row] = []] = await connection.send(selectIsBackfillLeft)
    return Number(row?.[0]) === 1 ? rangeLeft(connection) : null
  })
  if (left !== null) return refused('reports_preparing', { left: left.until - left.from })
  const months = await monthsToLookAt(office, options.months)
  for (const [i, month] of months.entries()) {
    onProgress(i, months.length)
    const part = { month, part: before.filter((one) => one.month === month).length + 1 }
    const written = await writeMonth(office, actor, part, options)
    if (isRefused(written)) return written
    if (written === null) continue
    const done = await removeArchived(office, actor, written, options)
    if (isRefused(done)) return done
    finished.push(done)
  }
  onProgress(months.length, months.length)
  return { archives: finished }
}

export async function listAll(office: Pick<Office, 'db'>): Promise<Archive[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectArchives))
  return rows.map(toArchive)
}

/** Whole months, from the month of the oldest transaction to the last month that is old enough. */
async function monthsToLookAt({ db, clock }: Office, months: number): Promise<string[]> {
  const [[oldest] = []] = await db.use((connection) => connection.send(selectOldest))
  if (oldest === undefined) return []
  const now = new Date(clock())
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)
  const all: string[] = []
  for (let at = monthStart(monthOf(fromInstant(String(oldest[0])))); at < end; at = nextMonth(at)) all.push(monthOf(at))
  return all
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)
const monthStart = (month: string): number => Date.parse(`${month}-01T00:00:00Z`)
const nextMonth = (at: number): number => {
  const from = new Date(at)
  return Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1)
}

/** Writes the file of a month and records it; null: there is nothing to archive. */
async function writeMonth(
  office: Office,
  actor: Actor,
  part: Part,
  { directory, mustHold, reached = () => undefined }: Run,
): Promise<Archive | Refused | null> {
  const path = pathOf(directory, part)
  if (await isThere(path)) return refused('archive_is_there', { file: nameOf(part) })
  mustHold()
  const from = monthStart(part.month)
  const span = { from, until: nextMonth(from) }
  const written = await office.db.use((connection) =>
    writeLines(
      path,
      part,
      linesOf(connection, span, () => reached('writing')),
    ),
  )
  if (written.transactions === 0) {
    await rm(unfinished(path))
    return null
  }
  reached('written')
  mustHold()
  const [id, at] = [office.nextId(), office.clock()]
  const archive = { id, ...part, ...written, writtenBy: actor.login, writtenAt: at }
  await office.db.transaction(async (connection) => {
    await connection.send(insertArchive(archive))
    await putOnRecord(connection, office, actor, at, {
      action: 'archive.write',
      object: { kind: 'archive', id: nameOf(part) },
      details: { sha256: written.sha256, transactions: written.transactions },
    })
  })
  reached('recorded')
  return { ...archive, removed: 0, removedAt: null }
}

async function* linesOf(
  connection: WorkerConnection,
  span: Span,
  reached: () => void,
): AsyncGenerator<readonly Line[]> {
  const columns = await lineColumns(connection)
  for await (const stories of storiesEndedIn(connection, span)) {
    if (stories.length === 0) continue
    yield await linesOfStories(connection, columns, stories)
    reached()
  }
  let place: Place = { at: new Date(span.from).toISOString().replace('T', ' ').slice(0, 23), id: 0 }
  for (;;) {
    const [rows = []] = await connection.send(selectCardless(place, span, LOT))
    const last = rows.at(-1)
    if (last === undefined) return
    place = { at: String(last[0]), id: Number(last[1]) }
    yield await linesByIds(
      connection,
      columns,
      rows.map(([, id]) => Number(id)),
    )
  }
}

/** Removes the transactions of a file from the database, from the place where an earlier run stopped. */
async function removeArchived(
  office: Office,
  actor: Actor,
  archive: Archive,
  { directory, mustHold, reached = () => undefined, lot = LOT }: Run,
): Promise<Archive | Refused> {
  const path = pathOf(directory, archive)
  if ((await placeOf(directory, archive)) === null) return refused('archive_missing', { file: nameOf(archive) })
  await finish(path, archive.sha256)
  if ((await sha256Of(path)) !== archive.sha256) return refused('archive_damaged', { file: nameOf(archive) })
  reached('named')
  for await (const lines of lotsOf(readLines(path, archive), lot)) {
    mustHold()
    const removed = await removeOne(office, { archive: archive.id, lines }, () => reached('removing'))
    if (removed === null) return refused('folding_busy')
    reached('removed a lot')
  }
  const at = office.clock()
  await office.db.transaction(async (connection) => {
    await connection.send(endRemoval(archive.id, at))
    await putOnRecord(connection, office, actor, at, {
      action: 'archive.remove',
      object: { kind: 'archive', id: nameOf(archive) },
      details: { sha256: archive.sha256, transactions: archive.transactions },
    })
  })
  reached('removed all')
  const done = (await listAll(office)).find(({ id }) => id === archive.id)
  return done ?? { ...archive, removedAt: at }
}

/** Splits lines into lots; a story is never split. */
async function* lotsOf(read: AsyncIterable<readonly Line[]>, most: number): AsyncGenerator<readonly Line[]> {
  let lot: Line[] = []
  for await (const lines of read) {
    for (const line of lines) {
      const last = lot.at(-1)
      if (lot.length >= most && (line.story === 0 || line.story !== last?.story)) {
        yield lot
        lot = []
      }
      lot.push(line)
    }
  }
  if (lot.length > 0) yield lot
}

/** @returns null if another process updated the derived records during all tries */
async function removeOne(
  { db }: Pick<Office, 'db'>,
  lot: { readonly archive: number; readonly lines: readonly Line[] },
  reached: () => void,
): Promise<number | null> {
  for (let tries = 0; tries < FOLDING_TRIES; tries++) {
    const removed = await db.transaction(
      async (connection) => {
        const count = await removeLot(connection, lot)
        reached()
        return count
      },
      (count) => count !== null,
    )
    if (removed !== null) return removed
    await sleep(FOLDING_PAUSE_MS)
  }
  return null
}

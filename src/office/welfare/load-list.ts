import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { currencyOf } from '../../core/currency.ts'
import { openAccount } from '../../db/accounts.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { takeIds } from '../../db/ids.ts'
import type { Employer } from '../../db/sql/employers.ts'
import { lockEmployer } from '../../db/sql/employers.ts'
import { givingWay } from '../../engine/traffic.ts'
import {
  type Batch,
  deleteBatch,
  insertReading,
  selectBrokenReadings,
  selectLiveBatch,
  setChecked,
  toBatch,
} from '../../db/sql/welfare-batches.ts'
import { deleteFindings } from '../../db/sql/welfare-findings.ts'
import { deleteRows, putRows } from '../../db/sql/welfare-rows.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { cardPrefixes } from '../card-in-text.ts'
import { dateIn } from '../clock.ts'
import { inTransaction, type Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { NO_PROGRESS, type Progress } from './batch-work.ts'
import { batchRow } from './batches.ts'
import { wholeListFindings } from './check-list.ts'
import type { CheckOffice } from './check-ground.ts'
import { type CheckedRow, checkRows, hasStop } from './check-rows.ts'
import { type CheckRun, checkRun } from './check-run.ts'
import { openEmployer } from './employers.ts'
import type { ReadOptions, Upload } from './list-file.ts'
import { openList, type OpenList } from './open-list.ts'
import { betweenStretches, paceOf, stretchesOf } from './pace.ts'
import { parseRow, type ParsedRow, type ParseSetting } from './parse-row.ts'
import { listDigest } from './row-digest.ts'
import { batchStates } from './state-words.ts'
import { putFindings } from './stored-findings.ts'

/**
 * Rows per lot, which bounds the memory; and rows per second beside payments, read and checked: 50,000 in 13 s. Lots of 32 took 30 s for them on a quiet machine, and payments beside were no faster.
 */
export const LOT = 128
export const ROWS_A_SECOND = 4_200
const READ_A_SECOND = 40_000
const ROWS_A_COMMIT = 1_000

/**
 * Reads an employer's list, checks every row by the code that books it, and stores the findings. If the same list was
 * loaded before, it returns that batch. Nothing moves before the batch is proposed and approved.
 */
export async function loadList(
  office: Office,
  actor: Actor,
  { employer: code, file, ...input }: { readonly employer: string; readonly file: Upload } & ReadOptions,
  progress: Progress = NO_PROGRESS,
): Promise<Batch | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const at = office.clock()
  const employer = await office.db.use((connection) => openEmployer(connection, code))
  if (isRefused(employer)) return employer
  const list = await openList(file, input)
  if (isRefused(list)) return list
  const earlier = await earlierList(office, list, employer)
  if (earlier !== null) return earlier
  await forgetBrokenReadings(office, at)
  const id = await takeIds(office.db.access, 'welfare', 1)
  const { currency } = employer
  const account = await openAccount(office.db.access, 'counterparty_receivable', code, currency)
  const reading = { id, employer: code, currency, fileName: file.name.slice(0, 200), readAs: JSON.stringify(list.readAs), preparedBy: actor.login, preparedAt: at } // prettier-ignore
  await office.db.use((connection) => connection.send(insertReading(reading)))
  progress.batch(id)
  const run = checkRun({ employer, account, batchId: id, at })
  const read = await readRows(office, list, run, progress)
  const done = isRefused(read)
    ? read
    : await finish(office, actor, employer, id, { ...read, fileSha256: await digestOf(file.content) }, at)
  if (isRefused(done)) await forgetReading(office, id)
  return done
}

const PIECE = 262_144

/** Digest of the upload (docs/decisions/0300-an-upload-is-kept-for-no-time.md): 20 MB in 50 ms, piece by piece. */
async function digestOf(content: Uint8Array): Promise<string> {
  const digest = createHash('sha256')
  for (let from = 0; from < content.length; from += PIECE) {
    digest.update(content.subarray(from, from + PIECE))
    await nextTurn()
  }
  return digest.digest('hex')
}

type Read = { rows: number; amount: number; stops: number; readonly digest: ReturnType<typeof listDigest> }

/**
 * Reads and checks a list lot by lot. What it writes is committed every `ROWS_A_COMMIT` rows: a COMMIT is a flush of the log,
 * which a payment's COMMIT may have to wait for. No transaction is open while the strings and styles of a workbook are
 * read: the server ends one that is idle for `IDLE_TRANSACTION_SECONDS`. BEGIN and COMMIT are packets of their own, since
 * a cluster fences each of them (`db/fence.ts`).
 */
const readRows = async (office: Office, list: OpenList, run: CheckRun, progress: Progress): Promise<Read | Refused> => {
  const setting = await settingOf(office, list, run.employer.currency)
  return office.db.use(async (lent) => {
    const connection = givingWay(lent, office.traffic)
    const read: Read = { rows: 0, amount: 0, stops: 0, digest: listDigest() }
    const pace = paceOf(ROWS_A_SECOND, office.traffic)
    let lot: ParsedRow[] = []
    let uncommitted = 0
    const commit = async (): Promise<void> => {
      if (uncommitted > 0) await connection.send('COMMIT')
      uncommitted = 0
    }
    const write = async (): Promise<void> => {
      if (uncommitted === 0) await connection.send('BEGIN')
      uncommitted += lot.length
      for (const { row, findings } of await writeLot(office, connection, run, lot)) {
        read.rows += 1
        read.amount += row.amount ?? 0
        read.stops += hasStop(findings) ? 1 : 0
        read.digest.add(row)
      }
      if (uncommitted >= ROWS_A_COMMIT) await commit()
      progress.rows(read.rows)
      await pace(lot.length)
      lot = []
    }
    for await (const row of list.rows()) {
      if (isRefused(row)) {
        await connection.rollback()
        return row
      }
      lot.push(parseRow(row, setting))
      if (lot.length === LOT) await write()
    }
    if (lot.length > 0) await write()
    await commit()
    await putFindings(connection, run.batchId, wholeListFindings(run))
    return read
  })
}

export async function writeLot(
  office: CheckOffice,
  connection: WorkerConnection,
  run: CheckRun,
  lot: readonly ParsedRow[],
): Promise<readonly CheckedRow[]> {
  const checked = await checkRows(office, connection, run, lot)
  await connection.send(
    putRows(
      run.batchId,
      checked.map(({ row }) => row),
    ),
  )
  await putFindings(
    connection,
    run.batchId,
    checked.flatMap(({ findings }) => findings),
  )
  return checked
}

const finish = (
  office: Office,
  actor: Actor,
  { code }: Employer,
  id: number,
  { digest, fileSha256, ...sums }: Read & { readonly fileSha256: string },
  at: number,
): Promise<Batch | Refused> =>
  inTransaction(office, async (connection) => {
    const sha256 = digest.hex()
    await connection.send(lockEmployer(code))
    const earlier = await earlierBatch(office, connection, code, digest.any())
    if (earlier !== null) return earlier
    await connection.send(setChecked(id, { ...sums, sha256 }))
    const details = { employer: code, ...sums, sha256, fileSha256 }
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.check',
      object: { kind: 'welfare', id },
      details,
    })
    return batchRow(connection, id)
  })

/** The batch that took this list before. */
async function earlierBatch(
  office: Pick<Office, 'timeZone'>,
  connection: WorkerConnection,
  employer: string,
  digests: readonly string[],
): Promise<Refused | null> {
  const [[there] = []] = await connection.send(selectLiveBatch(employer, digests))
  if (there !== undefined) return loadedBefore(office, toBatch(there))
  return null
}

const ROWS_AT_A_STRETCH = 100

/** Refuses a list that was loaded before. It only reads the list, so that no check runs and no batch number is used up. */
async function earlierList(office: Office, list: OpenList, { code, currency }: Employer): Promise<Refused | null> {
  const setting = await settingOf(office, list, currency)
  const digest = listDigest()
  const pace = paceOf(READ_A_SECOND, office.traffic)
  const isOver = stretchesOf(ROWS_AT_A_STRETCH, office.traffic)
  let rows = 0
  for await (const row of list.rows()) {
    if (isRefused(row)) return row
    digest.add(parseRow(row, setting))
    rows += 1
    if (!isOver()) continue
    await betweenStretches(office.traffic)
    await pace(rows)
    rows = 0
  }
  return office.db.use((connection) => earlierBatch(office, connection, code, digest.any()))
}

/** How the rows of a list are parsed. */
export const settingOf = async (office: Office, list: OpenList, currency: number): Promise<ParseSetting> => ({
  keys: office.keys(),
  decimal: list.readAs.decimal,
  currency: currencyOf(currency),
  prefixes: await cardPrefixes(office),
})

export const loadedBefore = (
  { timeZone }: Pick<Office, 'timeZone'>,
  { id, preparedBy, preparedAt, state }: Batch,
): Refused =>
  refused('list_loaded_before', {
    batch: id,
    who: preparedBy,
    day: dateIn(timeZone, preparedAt),
    state: batchStates([state]),
  })

/** The age after which an incomplete list is abandoned. */
const BROKEN_AFTER_MS = 3_600_000

async function forgetBrokenReadings(office: Pick<Office, 'db'>, at: number): Promise<void> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectBrokenReadings(at - BROKEN_AFTER_MS)))
  for (const [id] of rows) await forgetReading(office, Number(id))
}

const forgetReading = async (office: Pick<Office, 'db'>, id: number): Promise<void> => {
  await office.db.transaction((connection) =>
    connection.send(`${deleteFindings(id)};${deleteRows(id)};${deleteBatch(id)}`),
  )
}

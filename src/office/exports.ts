import { randomBytes } from 'node:crypto'
import type { WorkerConnection } from '../db/connection.ts'
import {
  endExport,
  type ExportView,
  type FileFacts,
  insertExport,
  type NewExport,
  selectExports,
  selectLastFirstPlastic,
  toExportView,
  toKeptCard,
} from '../db/sql/exports.ts'
import { type IssueRecord, lockIssue, setEcodeSeed, setIssueState } from '../db/sql/issues.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { againstState, changeIssues } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import { inTransaction, type Office } from './office.ts'
import { instantWords } from './day-words.ts'
import { fromInstant } from '../db/sql/literal.ts'
import { hasEcodeFrom } from './printed-cards.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/*
 * The records of files that show whole numbers. Use cases write them around their files; each of them has checked the right.
 */

export type ExportInput = {
  readonly code: string
  readonly maker: string
  readonly reason: string | null
  readonly fileName: string
  readonly encryptedTo: string | null
  /** Will the file show eCodes? `new`: other ones than were shown before. */
  readonly ecodes: 'no' | 'yes' | 'new'
  readonly tracks: boolean
}

export type ExportOrder = {
  readonly id: number
  readonly issue: IssueRecord
  /** The seed of the eCodes in the file; null: none. */
  readonly seed: Buffer | null
  /** Are the eCodes of the cards replaced by those? */
  readonly renew: boolean
}

/** Puts an export on record before its first line is written, so that no file is without one. */
export function beginExport(office: Office, actor: Actor, input: ExportInput): Promise<ExportOrder | Refused> {
  const id = office.nextId()
  const at = office.clock()
  return changeIssues(office, actor, 'issues.export', async (connection) => {
    const { code, maker, reason, fileName, encryptedTo } = input
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    const none = { en: 'there are no cards to export', pl: 'nie ma kart do eksportu' }
    const exports = await exportsOf(connection, issue.id)
    const against =
      againstState(issue, ['generated', 'exported', 'activated'], none) ??
      againstExport(office, issue, input, exports.filter(isWholeExport))
    if (against !== null) return against
    // New eCodes that broke off: it goes on with the same ones.
    const goesOn = input.ecodes === 'yes' && (await isHalfRenewed(office, connection, issue))
    const late = goesOn ? againstState(issue, ['generated', 'exported'], LATE) : null
    if (late !== null) return late
    const seed = input.ecodes === 'new' ? randomBytes(32) : input.ecodes === 'yes' ? issue.ecodeSeed : null
    if (input.ecodes === 'new') await connection.send(setEcodeSeed(issue.id, seed))
    const serials = { firstSerial: 1, lastSerial: issue.settings.count }
    const of = { issueId: issue.id, maker, reason, fileName, encryptedTo, ecodes: seed !== null, ...serials }
    await writeExport(office, actor, connection, at, { id, ...of }, code)
    return { id, issue, seed, renew: input.ecodes === 'new' || goesOn }
  })
}

const LATE = {
  en: 'new eCodes can only be made before the cards are in the shops',
  pl: 'nowe eKody tworzy się tylko, zanim karty trafią do sklepów',
} as const

/** Null: the cards have the eCodes of the last file that was begun with new ones. */
export async function againstHalfRenewed(
  office: Pick<Office, 'keys'>,
  connection: WorkerConnection,
  issue: IssueRecord,
): Promise<Refused | null> {
  if (!(await isHalfRenewed(office, connection, issue))) return null
  const why = {
    en: 'a file with new eCodes broke off: export it with eCodes first',
    pl: 'plik z nowymi eKodami został przerwany: najpierw wyeksportuj ją z eKodami',
  }
  return refused('issue_state', { issue: issue.settings.code, state: issue.state, why })
}

/** New eCodes are written in the order of the serials: while the last card has another one, some are missing. */
async function isHalfRenewed(
  { keys }: Pick<Office, 'keys'>,
  connection: WorkerConnection,
  { id, ecodeSeed }: IssueRecord,
): Promise<boolean> {
  if (ecodeSeed === null) return false
  const exports = await exportsOf(connection, id)
  if (!exports.some(({ ecodes, sha256 }) => ecodes && sha256 === null)) return false
  const [[row] = []] = await connection.send(selectLastFirstPlastic(id))
  return row !== undefined && !hasEcodeFrom(keys(), toKeptCard(row), ecodeSeed)
}

const isWholeExport = ({ maker, sha256 }: ExportView): boolean => maker !== PROOFS && sha256 !== null

async function writeExport(
  office: Office,
  actor: Actor,
  connection: WorkerConnection,
  at: number,
  row: Omit<NewExport, 'who'>,
  issue: string | number,
): Promise<void> {
  await connection.send(insertExport({ ...row, who: actor.login }))
  const { id, maker, fileName, encryptedTo, ecodes, firstSerial, lastSerial, reason } = row
  await putOnRecord(connection, office, actor, at, {
    action: 'issues.export',
    object: { kind: 'issue', id: issue },
    details: { export: id, maker, fileName, encryptedTo, ecodes, firstSerial, lastSerial, reason },
  })
}

function againstExport(
  { timeZone }: Pick<Office, 'timeZone'>,
  issue: IssueRecord,
  input: ExportInput,
  whole: readonly ExportView[],
): Refused | null {
  const { settings } = issue
  const { code, maker } = input
  const last = whole.at(-1)
  if (last !== undefined && input.reason === null) {
    return refused('export_needs_reason', {
      issue: code,
      who: last.who,
      at: instantWords(fromInstant(last.startedAt), timeZone),
    })
  }
  if (input.tracks && !['stripe', 'stripe_barcode'].includes(settings.medium)) {
    return refused('medium_without_tracks', { maker, issue: code, medium: settings.medium })
  }
  if (input.ecodes === 'no') return null
  if (!settings.ecodes) return refused('issue_without_ecodes', { maker, issue: code })
  if (input.ecodes === 'new') return againstState(issue, ['generated', 'exported'], LATE)
  if (issue.ecodeSeed !== null) return null
  const shown = whole.findLast(({ ecodes }) => ecodes)
  return refused('ecodes_unknown', { issue: code, export: shown?.id ?? '–' })
}

/** The file is complete: the issue is exported, and the seed of its eCodes is deleted. */
export const finishExport = (
  office: Office,
  actor: Actor,
  order: ExportOrder,
  { code, maker, fileName, reason }: ExportInput,
  facts: FileFacts,
): Promise<FileFacts | Refused> =>
  changeIssues(office, actor, 'issues.export', async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    if (order.seed !== null && issue.ecodeSeed?.equals(order.seed) !== true) {
      const why = {
        en: 'another export has shown its eCodes meanwhile, or makes new ones',
        pl: 'inny eksport pokazał tymczasem jej eKody albo tworzy nowe',
      }
      return refused('issue_state', { issue: code, state: issue.state, why })
    }
    await connection.send(endExport(order.id, facts))
    if (order.seed !== null) await connection.send(setEcodeSeed(issue.id, null))
    if (issue.state === 'generated') await connection.send(setIssueState(issue.id, 'exported'))
    const note = `${facts.cards} cards for ${maker}, ${fileName}, sha256 ${facts.sha256}${reason === null ? '' : `: ${reason}`}`
    await event({ code, issueId: issue.id, event: 'exported', note })
    return facts
  })

export type CardExport = {
  readonly issueId: number
  readonly issue: string
  readonly serial: number
  readonly maker: string
  readonly reason: string
  readonly fileName: string
  readonly encryptedTo: string | null
  readonly ecodes: boolean
}

/** Puts the file of one card, which gets a new plastic, on record before it is written. Returns its id. */
export function beginCardExport(
  office: Office,
  actor: Actor,
  { serial, issue, ...of }: CardExport,
): Promise<number | Refused> {
  const id = office.nextId()
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const serials = { firstSerial: serial, lastSerial: serial }
    await writeExport(office, actor, connection, at, { id, ...of, ...serials }, issue)
    return id
  })
}

/** The file is complete, and the card now has the plastic in it. */
export const endCardExport = ({ db }: Pick<Office, 'db'>, id: number, facts: FileFacts): Promise<unknown> =>
  db.use((connection) => connection.send(endExport(id, facts)))

export type ProofInput = {
  readonly code: string
  readonly fileName: string
  readonly serials: { readonly first: number; readonly last: number }
}

/** Puts a sheet of barcodes on record before it is made. */
export function beginProofs(
  office: Office,
  actor: Actor,
  { code, fileName, serials }: ProofInput,
): Promise<{ readonly id: number; readonly issue: IssueRecord } | Refused> {
  const id = office.nextId()
  const at = office.clock()
  return changeIssues(office, actor, 'issues.export', async (connection) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    const none = { en: 'there are no cards to show', pl: 'nie ma kart do pokazania' }
    const against = againstState(issue, ['generated', 'exported', 'activated'], none)
    if (against !== null) return against
    const { count } = issue.settings
    if (serials.last > count) return refused('serials_beyond_issue', { issue: code, count })
    const of = { issueId: issue.id, maker: PROOFS, reason: null, fileName, encryptedTo: null, ecodes: false }
    const range = { firstSerial: serials.first, lastSerial: serials.last }
    await writeExport(office, actor, connection, at, { id, ...of, ...range }, code)
    return { id, issue }
  })
}

export const finishProofs = (
  office: Office,
  actor: Actor,
  { id, code, fileName }: Omit<ProofInput, 'serials'> & { readonly id: number },
  facts: FileFacts,
): Promise<FileFacts | Refused> =>
  changeIssues(office, actor, 'issues.export', async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    await connection.send(endExport(id, facts))
    const note = `${facts.cards} cards, ${fileName}, sha256 ${facts.sha256}`
    await event({ code, issueId: issue.id, event: 'proofed', note })
    return facts
  })

/** The maker recorded for barcode sheets; they do not require a reason at the next export. */
const PROOFS = 'proofs'

async function exportsOf(connection: WorkerConnection, issueId: number): Promise<ExportView[]> {
  const [rows = []] = await connection.send(selectExports(issueId))
  return rows.map(toExportView)
}

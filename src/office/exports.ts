import { randomBytes } from 'node:crypto'
import { setUpError } from '../config/set-up-error.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { changing, mustBe } from './issue-changing.ts'
import { oneIssue, onConnection } from './issue-reading.ts'
import {
  endExport,
  type ExportView,
  type FileFacts,
  insertExport,
  selectExports,
  toExportView,
} from '../db/sql/exports.ts'
import { lockIssue, setEcodeSeed, setIssueState, type IssueRecord } from '../db/sql/issues.ts'

export type ExportWish = {
  readonly code: string
  readonly maker: string
  readonly who: string
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
  /** What the eCodes in the file come from; null: it shows none. */
  readonly seed: Buffer | null
}

/**
 * Puts an export on record before its first line is written, so that no file is without one.
 *
 * @throws a set-up error: cards that are not made yet, another export without a reason, eCodes that nobody knows any more
 */
export async function beginExport(access: Access, wish: ExportWish): Promise<ExportOrder> {
  const id = await takeIds(access, 'row', 1)
  return changing(access, async (connection) => {
    const issue = await oneIssue(connection, lockIssue(wish.code), wish.code)
    mustBe(issue, ['generated', 'exported', 'activated'], 'there are no cards to export')
    const whole = (await exportsOf(connection, issue.id)).filter(
      ({ maker, sha256 }) => maker !== PROOFS && sha256 !== null,
    )
    mustBeAllowed(issue, wish, whole)
    const seed = wish.ecodes === 'new' ? randomBytes(32) : wish.ecodes === 'yes' ? issue.ecodeSeed : null
    if (wish.ecodes === 'new') await connection.send(setEcodeSeed(issue.id, seed))
    const { maker, who, reason, fileName, encryptedTo } = wish
    const serials = { firstSerial: 1, lastSerial: issue.settings.count }
    await connection.send(
      insertExport({
        id,
        issueId: issue.id,
        maker,
        who,
        reason,
        fileName,
        encryptedTo,
        ecodes: seed !== null,
        ...serials,
      }),
    )
    return { id, issue, seed }
  })
}

function mustBeAllowed(issue: IssueRecord, wish: ExportWish, whole: readonly ExportView[]): void {
  const { settings } = issue
  const last = whole.at(-1)
  if (last !== undefined && wish.reason === null) {
    throw setUpError(
      `issue ${wish.code} was exported by ${last.who} at ${last.startedAt.slice(0, 19)}: another export needs a reason`,
    )
  }
  if (wish.tracks && !['stripe', 'stripe_barcode'].includes(settings.medium)) {
    throw setUpError(
      `maker ${wish.maker} has columns of tracks, and the medium of issue ${wish.code} is ${settings.medium}`,
    )
  }
  if (wish.ecodes === 'no') return
  if (!settings.ecodes) throw setUpError(`maker ${wish.maker} has a column ecode, and issue ${wish.code} has no eCodes`)
  if (wish.ecodes === 'new') {
    return mustBe(issue, ['generated', 'exported'], 'eCodes are made anew only before the cards are in the shops')
  }
  if (issue.ecodeSeed !== null) return
  const shown = whole.findLast(({ ecodes }) => ecodes)
  throw setUpError(
    `the eCodes of issue ${wish.code} were shown by export ${shown?.id ?? '–'} and nobody knows them any more: ` +
      'leave the column out, or make new ones with --new-ecodes',
  )
}

/** The file is whole: the issue is exported, and nothing is left that its eCodes could be made from again. */
export const finishExport = (access: Access, order: ExportOrder, wish: ExportWish, facts: FileFacts): Promise<void> =>
  changing(access, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(wish.code), wish.code)
    await connection.send(endExport(order.id, facts))
    if (order.seed !== null) await connection.send(setEcodeSeed(issue.id, null))
    if (issue.state === 'generated') await connection.send(setIssueState(issue.id, 'exported'))
    const note = `${facts.cards} cards for ${wish.maker}, ${wish.fileName}, sha256 ${facts.sha256}${wish.reason === null ? '' : `: ${wish.reason}`}`
    await event({ issueId: issue.id, event: 'exported', who: wish.who, note })
  })

export type CardExport = {
  readonly issueId: number
  readonly serial: number
  readonly maker: string
  readonly who: string
  readonly reason: string
  readonly fileName: string
  readonly encryptedTo: string | null
  readonly ecodes: boolean
}

/** Puts the file of one card, which gets a new plastic, on record before it is written. Returns its id. */
export async function beginCardExport(access: Access, { serial, ...of }: CardExport): Promise<number> {
  const id = await takeIds(access, 'row', 1)
  await onConnection(access, async (connection) => {
    await connection.send(insertExport({ id, ...of, firstSerial: serial, lastSerial: serial }))
  })
  return id
}

/** It is whole, and the card has the plastic in it. */
export const endCardExport = (access: Access, id: number, facts: FileFacts): Promise<void> =>
  onConnection(access, async (connection) => {
    await connection.send(endExport(id, facts))
  })

export type ProofWish = {
  readonly code: string
  readonly who: string
  readonly fileName: string
  readonly serials: { readonly first: number; readonly last: number }
}

/** Puts a sheet of barcodes on record before it is made. @throws a set-up error: no cards yet, serials that are not there */
export async function beginProofs(
  access: Access,
  { code, who, fileName, serials }: ProofWish,
): Promise<{ readonly id: number; readonly issue: IssueRecord }> {
  const id = await takeIds(access, 'row', 1)
  return changing(access, async (connection) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    mustBe(issue, ['generated', 'exported', 'activated'], 'there are no cards to show')
    if (serials.last > issue.settings.count) throw setUpError(`issue ${code} has serials 1 to ${issue.settings.count}`)
    const of = { issueId: issue.id, maker: PROOFS, who, reason: null, fileName, encryptedTo: null, ecodes: false }
    await connection.send(insertExport({ id, ...of, firstSerial: serials.first, lastSerial: serials.last }))
    return { id, issue }
  })
}

export const finishProofs = (
  access: Access,
  { id, code, who, fileName }: Omit<ProofWish, 'serials'> & { readonly id: number },
  facts: FileFacts,
): Promise<void> =>
  changing(access, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    await connection.send(endExport(id, facts))
    const note = `${facts.cards} cards, ${fileName}, sha256 ${facts.sha256}`
    await event({ issueId: issue.id, event: 'proofed', who, note })
  })

/** What stands for the maker of sheets of barcodes; they are no reason to ask for one at the next export. */
const PROOFS = 'proofs'

/** Every file that showed whole numbers of an issue, the first first. */
export const readExports = (access: Access, issueId: number): Promise<ExportView[]> =>
  onConnection(access, (connection) => exportsOf(connection, issueId))

async function exportsOf(connection: WorkerConnection, issueId: number): Promise<ExportView[]> {
  const [rows = []] = await connection.send(selectExports(issueId))
  return rows.map(toExportView)
}

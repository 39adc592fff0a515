import { createHash } from 'node:crypto'
import { selectShownOf, toShownSerial } from '../db/sql/pack-cards.ts'
import { selectHandles, toHandle, type HandleRow } from '../db/sql/session-handles.ts'
import type { Actor } from './actor.ts'
import { missesObjection, noteMiss } from './find-misses.ts'
import type { Office } from './office.ts'
import { type Finding, planOf, serialsOf, type SelectedCards } from './pack-plan.ts'
import { packRow, storeOfPack } from './pack-step.ts'
import { handleOf, readPresented } from './presenting.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere } from './rights.ts'
import type { Session } from './sessions.ts'

/** Whether a scanned card is in a pack, and if not, why; `fits`: it could go into a new pack. */
export type ScanFinding = 'in_pack' | 'fits' | 'foreign' | Finding

export type Scan = {
  readonly handle: string
  /** The same for the same card, within a session. */
  readonly card: string
  /** First six and last four. */
  readonly shown: string
  readonly finding: ScanFinding
}

/** The pack that the card should belong to, or the issue of a new pack. */
export type ScanFor = { readonly pack: number } | { readonly issue: string }

/** Identifies a scanned card and keeps its number for this session under a handle. */
export async function findScanned(
  office: Office,
  { actor, ...session }: Session,
  { text, of }: { readonly text: string; readonly of: ScanFor },
): Promise<Scan | Refused> {
  const no = 'pack' in of ? mayDoAnywhere(actor, 'packs.receive') : mayDo(actor, 'packs.make')
  if (no !== null) return no
  const read = readPresented(office, text)
  if (read === null || read.kind !== 'number') return refused('not_a_card_number', { where: 'scan' })
  const objection = await missesObjection(office, actor)
  if (objection !== null) return objection
  const finding = 'pack' in of ? await inPack(office, actor, of.pack, read) : await forNew(office, of.issue, read)
  if (isRefused(finding)) return finding
  if (finding === 'unknown') await noteMiss(office, actor)
  const card = createHash('sha256').update(`${session.id} ${read.hash}`).digest('hex').slice(0, 16)
  return { handle: await handleOf(office, session, read), card, shown: read.shown.replaceAll('*', '•'), finding }
}

const hashesIn = ({ hash, otherHash }: HandleRow) => ({ numberHash: hash, otherHash, newestKey: 0 })

async function inPack(office: Office, actor: Actor, id: number, read: HandleRow): Promise<ScanFinding | Refused> {
  return office.db.use(async (connection) => {
    const pack = await packRow(connection, id)
    if (isRefused(pack)) return pack
    const against = mayDo(actor, 'packs.receive', storeOfPack(pack))
    if (against !== null) return against
    const card = (await serialsOf(connection, [hashesIn(read)])).get(read.hash)
    if (card === undefined) return 'unknown'
    if (card.issueId !== pack.issueId) return 'other_issue'
    return card.packId === pack.id ? 'in_pack' : 'foreign'
  })
}

async function forNew({ db }: Office, issue: string, read: HandleRow): Promise<ScanFinding | Refused> {
  const wanted: SelectedCards = { by: 'number', where: 'scan', number: hashesIn(read), shown: read.shown }
  const plan = await db.use((connection) => planOf(connection, issue, [wanted]))
  if (isRefused(plan)) return plan
  return [...plan.findings.keys()].find((finding) => finding !== 'gap') ?? 'fits'
}

/** Statement by statement. */
const CHUNK = 500

/** The cards that were scanned in this session, by their handles. */
export async function scannedCards(
  { db }: Pick<Office, 'db'>,
  session: Pick<Session, 'id'>,
  handles: readonly string[],
): Promise<readonly SelectedCards[] | Refused> {
  const wanted: SelectedCards[] = []
  for (let i = 0; i < handles.length; i += CHUNK) {
    const chunk = handles.slice(i, i + CHUNK)
    const [rows = []] = await db.use((connection) => connection.send(selectHandles(chunk, session.id)))
    if (rows.length < new Set(chunk).size) return refused('no_such_handle')
    for (const read of rows.map(toHandle)) {
      wanted.push({ by: 'number', where: 'scan', number: hashesIn(read), shown: read.shown })
    }
  }
  return wanted
}

/** How many are named; the others are only counted. */
const NAMED = 200

/** First six and last four of cards that are missing in a pack, or too many. */
export async function showSerials(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
  id: number,
  serials: readonly number[],
): Promise<readonly string[] | Refused> {
  const no = mayDoAnywhere(actor, 'packs.find')
  if (no !== null) return no
  if (serials.length === 0) return []
  return db.use(async (connection) => {
    const pack = await packRow(connection, id)
    if (isRefused(pack)) return pack
    const against = mayDo(actor, 'packs.find', storeOfPack(pack))
    if (against !== null) return against
    const [rows = []] = await connection.send(selectShownOf(pack.issueId, serials.slice(0, NAMED)))
    return rows.map(toShownSerial)
  })
}

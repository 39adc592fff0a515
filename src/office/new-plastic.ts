import { randomBytes } from 'node:crypto'
import { rename, unlink } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { newEcode } from '../cards/ecode.ts'
import { ecodeHashHex } from '../cards/hash.ts'
import type { PrintedCard } from '../cards/maker-layout.ts'
import { selectIssue } from '../db/sql/issues.ts'
import { selectApprovalOf, toProposal } from '../db/sql/proposals.ts'
import type { Actor } from './actor.ts'
import { type CardChange, handledBy, proposeChange } from './card-changes.ts'
import { cardFor } from './card-finding.ts'
import type { CardView, CardInput } from './cards.ts'
import { askEngine } from './clerk-request.ts'
import { beginCardExport, endCardExport } from './exports.ts'
import { oneIssue } from './issue-reading.ts'
import { againstFile, envelopeOf, writeMakerFile } from './maker-files.ts'
import { readMaker } from './maker-layouts.ts'
import type { Office } from './office.ts'
import { printedCards } from './printed-cards.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/** The version has two digits on the stripe. */
const LAST_VERSION = 99

export type PlasticInput = CardInput & {
  /** Path on the machine that runs this. */
  readonly file: string
  readonly maker: string
}

/**
 * Makes a new plastic for the same number: raises the version, so that the old stripe and eCode are no longer accepted, and
 * writes the file of this one card for its maker or encoder. The file is whole before the card changes, as FILE.new, so
 * that no plastic is lost if the process is killed in between. The export is recorded like every other.
 */
export async function newPlastic(
  office: Office,
  actor: Actor,
  input: PlasticInput,
): Promise<(CardView & { readonly newVersion: number; readonly waits: number | null }) | Refused> {
  const card = await cardFor(office, actor, 'cards.duplicate', input.card)
  if (isRefused(card)) return card
  const version = card.version + 1
  if (version > LAST_VERSION) return refused('no_more_versions', { most: LAST_VERSION })
  const layout = await readMaker(office, input.maker)
  if (isRefused(layout)) return layout
  const waits = await waitsFor(office, actor, card, { version, maker: layout.name, reason: input.reason })
  if (isRefused(waits)) return waits
  if (waits !== null) return { ...card, newVersion: version, waits }
  const envelope = await envelopeOf(layout)
  if (isRefused(envelope)) return envelope
  const target = resolve(input.file)
  const waiting = `${target}.new`
  const there = (await againstFile(target)) ?? (await againstFile(waiting))
  if (there !== null) return there

  const keys = office.keys()
  const shows = layout.columns.some(({ column }) => column === 'ecode')
  const ecode = card.hasEcode && shows ? newEcode(randomBytes) : null
  const old = await printed(office, card)
  if (isRefused(old)) return old
  const { issueId, issue, serial } = card
  const names = { maker: layout.name, fileName: basename(target), encryptedTo: envelope.to, ecodes: ecode !== null }
  const exportId = await beginCardExport(office, actor, { issueId, issue, serial, reason: input.reason, ...names })
  if (isRefused(exportId)) return exportId
  const facts = await writeMakerFile(waiting, { keys, layout, envelope }, oneLot({ ...old, version, ecode }))
  if (isRefused(facts)) return facts
  const plastic = { version, ecodeHash: ecode === null ? null : ecodeHashHex(keys, ecode) }
  const order = {
    right: 'cards.duplicate',
    operation: 'new_version',
    card,
    reason: input.reason,
    office: { plastic },
  } as const
  const declined = await askEngine(office, actor, office.clock(), order).catch(async (error: unknown) => {
    await unlink(waiting)
    throw error
  })
  if (declined !== null) {
    await unlink(waiting)
    return declined
  }
  await rename(waiting, target)
  await endCardExport(office, exportId, facts)
  return { ...card, newVersion: version, waits: null }
}

type Asked = { readonly version: number; readonly maker: string; readonly reason: string }

/**
 * Null: permitted now, because there is no second person yet, or because one has approved this version of this card for
 * this maker within a day. The next plastic has another version, so an approval is good for one. Else the number of the
 * proposal.
 */
async function waitsFor(
  office: Office,
  actor: Actor,
  card: CardView,
  { version, maker, reason }: Asked,
): Promise<number | null | Refused> {
  if (actor.nobodyElse === true) return null
  const handled = await handledBy(office, actor, card.id)
  if (handled !== null) return handled
  const sql = selectApprovalOf('card', card.id, actor.login, office.clock() - APPROVED_FOR_MS)
  const [[row] = []] = await office.db.use((connection) => connection.send(sql))
  const approved = row === undefined ? null : (JSON.parse(toProposal(row).input) as CardChange)
  if (approved?.act === 'new_version' && approved.version === version && approved.maker === maker) return null
  return proposeChange(office, actor, card, { reason, change: { act: 'new_version', version, maker } })
}
const APPROVED_FOR_MS = 24 * 3_600_000

/** The card as it was last printed, compared with the hashes by which it is found. */
async function printed({ db, keys }: Office, { issue: code, serial }: CardView): Promise<PrintedCard | Refused> {
  const issue = await db.use((connection) => oneIssue(connection, selectIssue(code), code))
  if (isRefused(issue)) return issue
  const serials = { first: serial, last: serial }
  for await (const [card] of printedCards({ db, keys: keys(), issue, serials, seed: null, renew: false })) {
    if (card !== undefined) return card
  }
  return refused('no_such_card', { card: `${code}:${serial}` })
}

async function* oneLot(card: PrintedCard): AsyncGenerator<readonly PrintedCard[]> {
  yield [card]
}

import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { FileFacts } from '../db/sql/exports.ts'
import type { Actor } from './actor.ts'
import { beginExport, type ExportWish, finishExport } from './exports.ts'
import { againstFile, envelopeOf, writeMakerFile } from './maker-files.ts'
import { readMaker } from './maker-layouts.ts'
import type { Office } from './office.ts'
import { printedCards } from './printed-cards.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type ExportAsk = {
  readonly issue: string
  readonly maker: string
  /** Path on the machine that runs this. */
  readonly file: string
  readonly reason: string | null
  readonly newEcodes: boolean
  readonly progress?: (done: number, total: number) => void
}

/**
 * Writes the file of an issue for a maker, and FILE.sha256 beside it. On record before its first line; an issue is
 * exported once the file is whole.
 */
export async function exportIssue(office: Office, actor: Actor, ask: ExportAsk): Promise<FileFacts | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const keys = office.keys()
  const layout = await readMaker(office, ask.maker)
  if (isRefused(layout)) return layout
  const envelope = await envelopeOf(layout)
  if (isRefused(envelope)) return envelope
  const file = resolve(ask.file)
  const there = await againstFile(file)
  if (there !== null) return there
  const has = (column: string): boolean => layout.columns.some((field) => field.column === column)
  const wish: ExportWish = {
    code: ask.issue,
    maker: layout.name,
    reason: ask.reason,
    fileName: basename(file),
    encryptedTo: envelope.to,
    ecodes: !has('ecode') ? 'no' : ask.newEcodes ? 'new' : 'yes',
    tracks: has('track1') || has('track2'),
  }
  const order = await beginExport(office, actor, wish)
  if (isRefused(order)) return order
  const { issue, seed } = order
  const total = issue.settings.count
  async function* lots() {
    let done = 0
    const serials = { first: 1, last: total }
    for await (const lot of printedCards({ db: office.db, keys, issue, serials, seed, renew: wish.ecodes === 'new' })) {
      yield lot
      ask.progress?.((done += lot.length), total)
    }
  }
  const facts = await writeMakerFile(file, { keys, layout, envelope }, lots())
  if (isRefused(facts)) return facts
  await writeFile(`${file}.sha256`, `${facts.sha256}  ${wish.fileName}\n`, { mode: 0o600 })
  return finishExport(office, actor, order, wish, facts)
}

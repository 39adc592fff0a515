import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { CardKeys } from '../cards/keys.ts'
import type { MakerLayout, PrintedCard } from '../cards/maker-layout.ts'
import type { FileFacts } from '../db/sql/exports.ts'
import type { Actor } from './actor.ts'
import { beginExport, type ExportOrder, type ExportInput, finishExport } from './exports.ts'
import { againstFile, envelopeOf, makerFile, writeMakerFile } from './maker-files.ts'
import { readMaker } from './maker-layouts.ts'
import { makerKeys } from './makers.ts'
import type { Office } from './office.ts'
import { printedCards } from './printed-cards.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

type FileOrder = { readonly issue: string; readonly maker: string; readonly newEcodes: boolean }
type Progress = (done: number, total: number) => void

export type ExportAsk = FileOrder & {
  /** Path on the machine that runs this. */
  readonly file: string
  readonly reason: string | null
  readonly progress?: Progress
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
  const input = inputOf(layout, ask, { reason: ask.reason, fileName: basename(file), encryptedTo: envelope.to })
  const order = await beginExport(office, actor, input)
  if (isRefused(order)) return order
  const facts = await writeMakerFile(file, { keys, layout, envelope }, lotsOf(office, keys, order, ask.progress))
  if (isRefused(facts)) return facts
  await writeFile(`${file}.sha256`, `${facts.sha256}  ${input.fileName}\n`, { mode: 0o600 })
  return finishExport(office, actor, order, input, facts)
}

export type SentFile = { readonly fileName: string; readonly content: AsyncGenerator<Uint8Array> }

/**
 * The same file for a browser: encrypted to the key that two people have set, never stored here. The issue becomes
 * exported before the last piece is sent; an interrupted download is no export.
 */
export async function sendIssue(
  office: Office,
  actor: Actor,
  ask: FileOrder & { readonly reason: string },
): Promise<SentFile | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const keys = office.keys()
  const layout = await readMaker(office, ask.maker)
  if (isRefused(layout)) return layout
  const key = (await makerKeys(office)).get(ask.maker)
  if (key === undefined) return refused('maker_without_key', { maker: ask.maker })
  const envelope = await envelopeOf({ ...layout, encryption: key.encryption, publicKey: key.publicKey })
  if (isRefused(envelope)) return envelope
  const ending = key.encryption === 'age' ? 'age' : 'pgp'
  const fileName = `${ask.issue}-${ask.maker}.${layout.format === 'csv' ? 'csv' : 'txt'}.${ending}`
  const input = inputOf(layout, ask, { reason: ask.reason, fileName, encryptedTo: envelope.to })
  const order = await beginExport(office, actor, input)
  if (isRefused(order)) return order
  const content = makerFile({ keys, layout, envelope }, lotsOf(office, keys, order), async (facts) => {
    const ended = await finishExport(office, actor, order, input, facts)
    if (isRefused(ended)) throw new Error(`export ${order.id} was not put on record: ${ended.refused}`)
  })
  return { fileName, content }
}

function inputOf(
  layout: MakerLayout,
  { issue, newEcodes }: FileOrder,
  file: Pick<ExportInput, 'reason' | 'fileName' | 'encryptedTo'>,
): ExportInput {
  const has = (column: string): boolean => layout.columns.some((field) => field.column === column)
  return {
    code: issue,
    maker: layout.name,
    ...file,
    ecodes: !has('ecode') ? 'no' : newEcodes ? 'new' : 'yes',
    tracks: has('track1') || has('track2'),
  }
}

async function* lotsOf(
  { db }: Pick<Office, 'db'>,
  keys: CardKeys,
  { issue, seed, renew }: ExportOrder,
  progress?: Progress,
): AsyncGenerator<readonly PrintedCard[]> {
  const total = issue.settings.count
  let done = 0
  for await (const lot of printedCards({
    db,
    keys,
    issue,
    serials: { first: 1, last: total },
    seed,
    renew,
  })) {
    yield lot
    progress?.((done += lot.length), total)
  }
}

import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { PrintedCard } from '../cards/maker-layout.ts'
import type { FileFacts } from '../db/sql/exports.ts'
import type { Actor } from './actor.ts'
import { beginProofs, finishProofs } from './exports.ts'
import { againstFile } from './maker-files.ts'
import type { Office } from './office.ts'
import { printedCards } from './printed-cards.ts'
import { proofSheet } from './proof-sheet.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type ProofAsk = {
  readonly issue: string
  /** Path on the machine that runs this. */
  readonly file: string
  readonly serials: { readonly first: number; readonly last: number }
}

/** Writes a PDF with the barcodes of some cards; on record like every file with whole numbers. */
export async function proofIssue(office: Office, actor: Actor, ask: ProofAsk): Promise<FileFacts | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const { issue: code, serials } = ask
  const keys = office.keys()
  const file = resolve(ask.file)
  const there = await againstFile(file)
  if (there !== null) return there
  const order = await beginProofs(office, actor, { code, fileName: basename(file), serials })
  if (isRefused(order)) return order
  const { id, issue } = order
  const cards: PrintedCard[] = []
  const parts = { db: office.db, keys, issue, serials, seed: null, renew: false }
  for await (const lot of printedCards(parts)) cards.push(...lot)
  const { name, barcode } = issue.settings
  const subtitle = `${code} · ${serials.first}–${serials.last} · ${barcode} · ${actor.login}`
  const pdf = await proofSheet({ title: name, subtitle, barcode, cards })
  const why = await writeFile(file, pdf, { mode: 0o600, flag: 'wx' }).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  if (why !== null) return refused('file_not_written', { file, why })
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  const facts = { cards: cards.length, bytes: pdf.length, sha256 }
  return finishProofs(office, actor, { id, code, fileName: basename(file) }, facts)
}

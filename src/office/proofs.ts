import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { PrintedCard } from '../cards/maker-layout.ts'
import type { FileFacts } from '../db/sql/exports.ts'
import type { IssueRecord } from '../db/sql/issues.ts'
import type { Actor } from './actor.ts'
import { beginProofs, finishProofs } from './exports.ts'
import { againstFile } from './maker-files.ts'
import type { Office } from './office.ts'
import { printedCards } from './printed-cards.ts'
import { barcodePicture, proofSheet } from './proof-sheet.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

type SheetOrder = {
  readonly issue: string
  readonly serials: { readonly first: number; readonly last: number }
}

export type ProofAsk = SheetOrder & {
  /** Path on the machine that runs this. */
  readonly file: string
}

/** Writes a PDF with the barcodes of some cards; on record like every file with whole numbers. */
export async function proofIssue(office: Office, actor: Actor, ask: ProofAsk): Promise<FileFacts | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const file = resolve(ask.file)
  const there = await againstFile(file)
  if (there !== null) return there
  const proofs = await makeProofs(office, actor, ask, basename(file), async (issue, cards) => {
    const pdf = await pdfOf(actor, ask, issue, cards)
    const why = await writeFile(file, pdf, { mode: 0o600, flag: 'wx' }).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    return why === null ? { value: null, bytes: pdf } : refused('file_not_written', { file, why })
  })
  return isRefused(proofs) ? proofs : proofs.facts
}

/** The same PDF for a browser. */
export async function proofPdf(
  office: Office,
  actor: Actor,
  ask: SheetOrder,
): Promise<{ readonly fileName: string; readonly content: Buffer } | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const fileName = `${ask.issue}-proofs.pdf`
  const proofs = await makeProofs(office, actor, ask, fileName, async (issue, cards) => {
    const pdf = await pdfOf(actor, ask, issue, cards)
    return { value: pdf, bytes: pdf }
  })
  return isRefused(proofs) ? proofs : { fileName, content: proofs.value }
}

/** A card as printed; its barcode contains the whole number, as on the card. */
export type ProofPicture = { readonly serial: number; readonly shown: string; readonly png: string }

/** Barcodes to be looked at and scanned from a page. On record as the files are. */
export async function proofPictures(
  office: Office,
  actor: Actor,
  ask: SheetOrder,
): Promise<readonly ProofPicture[] | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const proofs = await makeProofs(office, actor, ask, 'on screen', async ({ settings }, cards) => {
    const pictures: ProofPicture[] = []
    for (const card of cards) {
      const png = await barcodePicture(settings.barcode, card)
      const shown = `${card.number.slice(0, 6)}••••••${card.number.slice(-4)}`
      pictures.push({ serial: card.serial, shown, png: png.toString('base64') })
    }
    return { value: pictures, bytes: Buffer.from(pictures.map(({ png }) => png).join()) }
  })
  return isRefused(proofs) ? proofs : proofs.value
}

type Rendered<T> = { readonly value: T; readonly bytes: Uint8Array }

async function makeProofs<T>(
  office: Office,
  actor: Actor,
  { issue: code, serials }: SheetOrder,
  fileName: string,
  render: (issue: IssueRecord, cards: readonly PrintedCard[]) => Promise<Rendered<T> | Refused>,
): Promise<{ readonly value: T; readonly facts: FileFacts } | Refused> {
  const keys = office.keys()
  const order = await beginProofs(office, actor, { code, fileName, serials })
  if (isRefused(order)) return order
  const { id, issue } = order
  const cards: PrintedCard[] = []
  const parts = { db: office.db, keys, issue, serials, seed: null, renew: false }
  for await (const lot of printedCards(parts)) cards.push(...lot)
  const rendered = await render(issue, cards)
  if (isRefused(rendered)) return rendered
  const sha256 = createHash('sha256').update(rendered.bytes).digest('hex')
  const whole = { cards: cards.length, bytes: rendered.bytes.length, sha256 }
  const facts = await finishProofs(office, actor, { id, code, fileName }, whole)
  return isRefused(facts) ? facts : { value: rendered.value, facts }
}

function pdfOf(
  { login }: Actor,
  { issue: code, serials }: SheetOrder,
  { settings: { name, barcode } }: IssueRecord,
  cards: readonly PrintedCard[],
): Promise<Buffer> {
  const subtitle = `${code} · ${serials.first}–${serials.last} · ${barcode} · ${login}`
  return proofSheet({ title: name, subtitle, barcode, cards })
}

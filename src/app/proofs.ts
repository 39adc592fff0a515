import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { PrintedCard } from '../cards/maker-layout.ts'
import { setUpError } from '../config/set-up-error.ts'
import { beginProofs, finishProofs } from '../office/exports.ts'
import { printedCards } from '../office/printed-cards.ts'
import type { FileFacts } from '../db/sql/exports.ts'
import { keysOfHome } from './home-keys.ts'
import { mustNotExist } from './maker-stream.ts'
import { onDatabase } from './on-database.ts'
import { proofSheet } from './proof-sheet.ts'

export type ProofAsk = {
  readonly file: string
  readonly who: string
  readonly serials: { readonly first: number; readonly last: number }
}

/** Writes a PDF with the barcodes of some cards; on record like every file with whole numbers. @throws a set-up error */
export const proofIssue = (home: string, code: string, { file: asked, who, serials }: ProofAsk): Promise<FileFacts> =>
  onDatabase(home, async (access) => {
    const keys = await keysOfHome(access, home)
    const file = resolve(asked)
    await mustNotExist(file)
    const { id, issue } = await beginProofs(access, { code, who, fileName: basename(file), serials })
    const cards: PrintedCard[] = []
    for await (const lot of printedCards({ access, keys, issue, serials, seed: null, renew: false })) cards.push(...lot)
    const { name, barcode } = issue.settings
    const subtitle = `${code} · ${serials.first}–${serials.last} · ${barcode} · ${who}`
    const pdf = await proofSheet({ title: name, subtitle, barcode, cards })
    await writeFile(file, pdf, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      throw setUpError(`${file}: can't be written: ${error instanceof Error ? error.message : String(error)}`)
    })
    const sha256 = createHash('sha256').update(pdf).digest('hex')
    const facts = { cards: cards.length, bytes: pdf.length, sha256 }
    await finishProofs(access, { id, code, who, fileName: basename(file) }, facts)
    return facts
  })

import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { beginExport, type ExportWish, finishExport } from '../office/exports.ts'
import { printedCards } from '../office/printed-cards.ts'
import type { FileFacts } from '../db/sql/exports.ts'
import { keysOfHome } from './home-keys.ts'
import { readMaker } from './maker-file.ts'
import { envelopeOf, mustNotExist, writeMakerFile } from './maker-stream.ts'
import { onDatabase } from './on-database.ts'

export type ExportAsk = {
  readonly maker: string
  readonly file: string
  readonly who: string
  readonly reason: string | null
  readonly newEcodes: boolean
  readonly progress: (done: number, total: number) => void
}

/**
 * Writes the file of an issue for a maker, and FILE.sha256 beside it. On record before its first line; an issue is
 * exported once the file is whole.
 *
 * @throws a set-up error: see `beginExport`, `readMaker`, `writeMakerFile`
 */
export const exportIssue = (home: string, code: string, ask: ExportAsk): Promise<FileFacts> =>
  onDatabase(home, async (access) => {
    const keys = await keysOfHome(access, home)
    const layout = await readMaker(home, ask.maker)
    const envelope = await envelopeOf(layout)
    const file = resolve(ask.file)
    await mustNotExist(file)
    const has = (column: string): boolean => layout.columns.some((field) => field.column === column)
    const wish: ExportWish = {
      code,
      maker: layout.name,
      who: ask.who,
      reason: ask.reason,
      fileName: basename(file),
      encryptedTo: envelope.to,
      ecodes: !has('ecode') ? 'no' : ask.newEcodes ? 'new' : 'yes',
      tracks: has('track1') || has('track2'),
    }
    const order = await beginExport(access, wish)
    const { issue, seed } = order
    const total = issue.settings.count
    async function* lots() {
      let done = 0
      const serials = { first: 1, last: total }
      for await (const lot of printedCards({ access, keys, issue, serials, seed, renew: wish.ecodes === 'new' })) {
        yield lot
        ask.progress((done += lot.length), total)
      }
    }
    const facts = await writeMakerFile(file, { keys, layout, envelope }, lots())
    await writeFile(`${file}.sha256`, `${facts.sha256}  ${wish.fileName}\n`)
    await finishExport(access, order, wish, facts)
    return facts
  })

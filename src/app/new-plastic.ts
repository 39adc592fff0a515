import { randomBytes } from 'node:crypto'
import { rename, unlink } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { newEcode } from '../cards/ecode.ts'
import { ecodeHashHex } from '../cards/hash.ts'
import type { PrintedCard } from '../cards/maker-layout.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { CardView } from '../office/card-reading.ts'
import { beginCardExport, endCardExport } from '../office/exports.ts'
import { readIssue } from '../office/issue-reading.ts'
import { printedCards } from '../office/printed-cards.ts'
import { ask, type By, cardNamed } from './cards.ts'
import { readMaker } from './maker-file.ts'
import { envelopeOf, mustNotExist, writeMakerFile } from './maker-stream.ts'
import { atDesk, type OfficeDesk } from './office.ts'

/** The version has two digits on the stripe. */
const LAST_VERSION = 99

/**
 * A new plastic of the same number: raises the version, so that the old stripe and the old eCode are good for nothing, and
 * writes the file of this one card for its maker or encoder. The file is whole before the card changes, as FILE.new, so
 * that a kill in between costs no card its plastic; and it is on record like every export.
 *
 * @throws a set-up error where the file is there already, the layout is none, or the engine refuses
 */
export const newPlastic = (
  home: string,
  text: string,
  { file, maker }: { readonly file: string; readonly maker: string },
  by: By,
): Promise<CardView & { readonly newVersion: number }> =>
  atDesk(home, async (desk) => {
    const { access, keys } = desk
    const card = await cardNamed(desk, text)
    const version = card.version + 1
    if (version > LAST_VERSION) throw setUpError(`the card has had ${LAST_VERSION} plastics: give it another number`)
    const layout = await readMaker(home, maker)
    const envelope = await envelopeOf(layout)
    const target = resolve(file)
    const waiting = `${target}.new`
    for (const path of [target, waiting]) await mustNotExist(path)

    const shows = layout.columns.some(({ column }) => column === 'ecode')
    const ecode = card.hasEcode && shows ? newEcode(randomBytes) : null
    const plastic: PrintedCard = { ...(await printed(desk, card)), version, ecode }
    const exportId = await beginCardExport(access, {
      issueId: card.issueId,
      serial: card.serial,
      maker: layout.name,
      who: by.who,
      reason: by.reason,
      fileName: basename(target),
      encryptedTo: envelope.to,
      ecodes: ecode !== null,
    })
    const facts = await writeMakerFile(waiting, { keys, layout, envelope }, oneLot(plastic))
    try {
      const ecodeHash = ecode === null ? null : ecodeHashHex(keys, ecode)
      await ask(desk, { operation: 'new_version', card, by, office: { plastic: { version, ecodeHash } } })
    } catch (error) {
      await unlink(waiting)
      throw error
    }
    await rename(waiting, target)
    await endCardExport(access, exportId, facts)
    return { ...card, newVersion: version }
  })

/** The card as it was printed last, held against the hashes that it is found by. */
async function printed({ access, keys }: OfficeDesk, { issue: code, serial }: CardView): Promise<PrintedCard> {
  const issue = await readIssue(access, code)
  const serials = { first: serial, last: serial }
  for await (const [card] of printedCards({ access, keys, issue, serials, seed: null, renew: false })) {
    if (card !== undefined) return card
  }
  throw new Error(`card ${code}:${serial} is not there`)
}

async function* oneLot(card: PrintedCard): AsyncGenerator<readonly PrintedCard[]> {
  yield [card]
}

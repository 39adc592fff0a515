import { stringify } from 'csv-stringify/sync'
import { randomBytes } from 'node:crypto'
import { rename, unlink, writeFile } from 'node:fs/promises'
import { newEcode } from '../cards/ecode.ts'
import { ecodeHashHex } from '../cards/hash.ts'
import { tracksOf } from '../cards/plastic.ts'
import { openNumber } from '../cards/seal.ts'
import { withSentinels } from '../cards/track.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { CardView } from '../store/card-reading.ts'
import { ask, type By, cardNamed } from './cards.ts'
import { atDesk } from './office.ts'

/** The version has two digits on the stripe. */
const LAST_VERSION = 99

/**
 * A new plastic of the same number: raises the version, so that the old stripe and the old eCode are good for nothing, and
 * writes what an encoder needs for this one card to `file`, for its owner's eyes only. The file is there whole before the
 * card changes, under another name, so that a kill in between costs no card its plastic.
 *
 * @throws a set-up error where the file is there already, or the engine refuses
 */
export const newPlastic = (
  home: string,
  text: string,
  { file, sentinels }: { readonly file: string; readonly sentinels: boolean },
  by: By,
): Promise<CardView & { readonly newVersion: number }> =>
  atDesk(home, async (desk) => {
    const card = await cardNamed(desk, text)
    const version = card.version + 1
    if (version > LAST_VERSION) throw setUpError(`the card has had ${LAST_VERSION} plastics: give it another number`)
    const number = openNumber(desk.keys, card.sealed)
    const ecode = card.hasEcode ? newEcode(randomBytes) : null
    const { track1, track2 } = tracksOf(desk.keys, { number, expiry: card.expiry, version })
    const framed = (track: 1 | 2, data: string): string => (sentinels ? withSentinels(track, data) : data)
    const row = {
      serial: card.serial,
      number,
      track1: framed(1, track1),
      track2: framed(2, track2),
      ecode: ecode ?? '',
      version: String(version).padStart(2, '0'),
    }
    const part = `${file}.part`
    await writeNew(file, '')
    await writeNew(part, stringify([row], { header: true }))
    try {
      const ecodeHash = ecode === null ? null : ecodeHashHex(desk.keys, ecode)
      await ask(desk, { operation: 'new_version', card, by, office: { plastic: { version, ecodeHash } } })
    } catch (error) {
      await unlink(part)
      await unlink(file)
      throw error
    }
    await rename(part, file)
    return { ...card, newVersion: version }
  })

const writeNew = (file: string, content: string): Promise<void> =>
  writeFile(file, content, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException
    throw setUpError(`${file}: ${code === 'EEXIST' ? 'is there already' : (code ?? 'cannot be written')}`)
  })

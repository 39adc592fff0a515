/** Reads the cards of an issue for printing, and verifies each against its stored hashes. */

import { ecodeFrom, issueEcodeKey } from '../cards/ecode.ts'
import { eanHashHex, ecodeHashHex, numberHashHex } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { eansOf } from '../cards/made-card.ts'
import type { PrintedCard } from '../cards/maker-layout.ts'
import { openNumber } from '../cards/seal.ts'
import { type KeptCard, selectForExport, setEcodeHashes, shareEcodeSeed, toKeptCard } from '../db/sql/exports.ts'
import type { IssueRecord } from '../db/sql/issues.ts'
import type { Office } from './office.ts'

export type PrintParts = {
  readonly db: Office['db']
  readonly keys: CardKeys
  readonly issue: IssueRecord
  readonly serials: { readonly first: number; readonly last: number }
  /** The seed of the eCodes; null: not shown. `renew`: the cards' eCodes are replaced by them. */
  readonly seed: Buffer | null
  readonly renew: boolean
}

// 250 kB of a file at a time, so memory does not grow with the issue.
const LOT = 1_000

/**
 * The cards of an issue for printing, in lots. Every number, EAN-13 and eCode is compared with the keyed hash that the
 * switch looks up, so that the file contains exactly what is accepted.
 *
 * @throws if they differ, naming the serial: the rows are damaged, or the keys are wrong
 */
export async function* printedCards(parts: PrintParts): AsyncGenerator<PrintedCard[]> {
  const { db, issue, serials, seed } = parts
  const ecodeKey = seed === null ? null : issueEcodeKey(parts.keys, seed)
  for (let first = serials.first; first <= serials.last; first += LOT) {
    const last = Math.min(first + LOT - 1, serials.last)
    const { kept, printed } = await db.use(async (connection) => {
      const [rows = []] = await connection.send(selectForExport(issue.id, first, last))
      const kept = rows.map(toKeptCard)
      if (kept.length !== last - first + 1)
        throw new Error(`issue ${issue.settings.code}: cards ${first} to ${last} are not all there`)
      const printed = printedLot(parts, kept, ecodeKey)
      return { kept, printed }
    })
    if (parts.renew) await renewEcodes(parts, kept, printed)
    yield printed
  }
}

/** Whether the card's eCode was derived from this seed. */
export const hasEcodeFrom = (keys: CardKeys, { sealed, ecodeHash }: KeptCard, seed: Buffer): boolean =>
  ecodeHash === ecodeHashHex(keys, ecodeFrom(issueEcodeKey(keys, seed), openNumber(keys, sealed)))

/** Only if they come from the same seed: a stalled download must not undo a later one. */
async function renewEcodes(
  { db, keys, issue, seed }: PrintParts,
  kept: readonly KeptCard[],
  printed: readonly PrintedCard[],
): Promise<void> {
  const hashes = printed.map(({ ecode }) => ecodeHashHex(keys, ecode ?? ''))
  await db.transaction(
    async (connection) => {
      const [[row] = []] = await connection.send(shareEcodeSeed(issue.id))
      const now = (row?.[0] ?? null) as Buffer | null
      if (seed === null || now?.equals(seed) !== true)
        throw new Error(`issue ${issue.settings.code}: another export has ended, or is making new eCodes`)
      await connection.send(setEcodeHashes(kept, hashes))
    },
    () => true,
  )
}

function printedLot(
  { keys, issue, renew }: PrintParts,
  kept: readonly KeptCard[],
  ecodeKey: Buffer | null,
): PrintedCard[] {
  const { code, eanPrefix } = issue.settings
  const ean = eanPrefix === null || issue.firstEan === null ? null : { prefix: eanPrefix, firstPlace: issue.firstEan }
  const eans = eansOf(keys, { ean }, { first: kept[0]?.serial ?? 1, count: kept.length })
  return kept.map((card, i) => {
    const { serial, version, expiry, pack } = card
    const number = openNumber(keys, card.sealed)
    const ecode = ecodeKey === null ? null : ecodeFrom(ecodeKey, number)
    const printed = { serial, number, version, expiry, pack, ean: eans[i] ?? null, ecode }
    const wrong = differing(keys, card, printed, renew)
    if (wrong !== null)
      throw new Error(`issue ${code}, serial ${serial}: its ${wrong} is not the one that it is found by`)
    return printed
  })
}

function differing(keys: CardKeys, kept: KeptCard, { number, ean, ecode }: PrintedCard, renew: boolean): string | null {
  const isFound =
    kept.numberHash === numberHashHex(keys, number) ||
    (keys.other !== null && kept.numberHash === numberHashHex(keys.other, number))
  if (!isFound) return 'number'
  if (kept.barcodeHash !== (ean === null ? null : eanHashHex(keys, ean))) return 'EAN-13'
  return ecode === null || renew || kept.ecodeHash === ecodeHashHex(keys, ecode) ? null : 'eCode'
}

import { clerkKey } from '../core/key.ts'
import { withAdvisoryLock } from '../db/advisory-lock.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { selectSerialsOfPack, selectUnsoldOfPack } from '../db/sql/pack-cards.ts'
import type { PackRow } from '../db/sql/pack-rows.ts'
import { toShownCard } from '../db/sql/shown-cards.ts'
import type { Actor } from './actor.ts'
import { auditOf, requesterOf } from './audit-row.ts'
import { dateIn } from './clock.ts'
import type { Office } from './office.ts'
import { officeRequest } from './office-request.ts'
import { serialsOf, type SelectedCards } from './pack-plan.ts'
import { readSelection, type Selection } from './pack-selection.ts'
import { againstStep, packRow, type PackInput, stepPack, storeOfPack } from './pack-step.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere } from './rights.ts'

/** The differences between scanned cards and the pack, by serial. */
export type Differences = { readonly missing: readonly number[]; readonly surplus: readonly number[] }

/**
 * The result of a receipt: `differences`, nothing done; or received, with the number of missing cards reported lost.
 */
export type Receipt = { readonly received: boolean; readonly differences: Differences; readonly lost: number }

export type ReceiveInput = PackInput & {
  readonly scanned: Pick<Selection, 'cards' | 'files' | 'read'>
  /** Missing cards are blocked as lost, so that they are not activated with the pack. */
  readonly missingAreLost: boolean
}

/** More than that is no receipt with a few cards missing. */
const MOST_LOST = 1_000

/**
 * Compares the scanned cards with the pack. Surplus cards must be taken out. Receipts of a pack are serialised: if two
 * people scan it at once, the second one finds it received, before any card is blocked because they did not scan it.
 */
export async function receivePack(office: Office, actor: Actor, input: ReceiveInput): Promise<Receipt | Refused> {
  const no = mayDoAnywhere(actor, 'packs.receive')
  if (no !== null) return no
  const { cards, files, read = [] } = input.scanned
  const found = await office.db.use((connection) => packRow(connection, input.pack))
  if (isRefused(found)) return found
  const against = mayDo(actor, 'packs.receive', storeOfPack(found))
  if (against !== null) return against
  if (cards.length + files.length + read.length === 0) return refused('no_cards_scanned')
  const pack = await receivable(office, input)
  if (isRefused(pack)) return pack
  const wanted = readSelection(office.keys, { serials: [], numbers: [], ...input.scanned })
  if (isRefused(wanted)) return wanted
  const serials = await office.db.use((connection) => scannedSerials(connection, pack, wanted))
  if (isRefused(serials)) return serials
  // An advisory lock instead of a row lock, because the engine must read the row when it blocks missing cards.
  return withAdvisoryLock(office.db.access, `receipt of pack ${pack.id}`, () => receive(office, actor, input, serials))
}

async function receivable(office: Office, { pack: id, skip }: PackInput): Promise<PackRow | Refused> {
  const pack = await office.db.use((connection) => packRow(connection, id))
  if (isRefused(pack)) return pack
  return againstStep(pack, 'receive', skip ?? false) ?? pack
}

async function receive(
  office: Office,
  actor: Actor,
  input: ReceiveInput,
  serials: ReadonlySet<number>,
): Promise<Receipt | Refused> {
  const pack = await receivable(office, input)
  if (isRefused(pack)) return pack
  const differences = await office.db.use((connection) => differencesOf(connection, pack.id, serials))
  const { missing, surplus } = differences
  if (surplus.length > 0 || (missing.length > 0 && !input.missingAreLost)) {
    return { received: false, differences, lost: 0 }
  }
  if (missing.length > MOST_LOST) return refused('cards_lost_too_many', { missing: missing.length, most: MOST_LOST })
  const at = office.clock()
  const lost = await blockAsLost(office, actor, at, pack, missing, input.reason ?? null)
  if (isRefused(lost)) return lost
  const detail = `${serials.size} cards scanned, ${lost} missing and reported lost`
  const step = { right: 'packs.receive', step: 'receive', at } as const
  const received = await stepPack(office, actor, step, input, async (_pack, connection) => {
    const now = await differencesOf(connection, pack.id, serials)
    const isSame = String(now.missing) === String(missing) && now.surplus.length === 0
    return isSame ? { event: 'received', marks: {}, detail } : refused('changed_since')
  })
  return isRefused(received) ? received : { received: true, differences, lost }
}

async function differencesOf(
  connection: WorkerConnection,
  id: number,
  scanned: ReadonlySet<number>,
): Promise<Differences> {
  const [rows = []] = await connection.send(selectSerialsOfPack(id))
  const packed = new Set(rows.map(([serial]) => Number(serial)))
  return {
    missing: [...packed].filter((serial) => !scanned.has(serial)),
    surplus: [...scanned].filter((serial) => !packed.has(serial)),
  }
}

async function scannedSerials(
  connection: WorkerConnection,
  pack: PackRow,
  wanted: readonly SelectedCards[],
): Promise<ReadonlySet<number> | Refused> {
  const numbers = wanted.flatMap((one) => (one.by === 'number' ? [one] : []))
  const known = await serialsOf(
    connection,
    numbers.map(({ number }) => number),
  )
  const serials = new Set(wanted.flatMap((one) => (one.by === 'serials' ? [one.serials.first] : [])))
  for (const { number, where, shown } of numbers) {
    const card = known.get(number.numberHash)
    if (card === undefined) return refused('no_card_scanned', { where, card: shown })
    if (card.issueId !== pack.issueId) return refused('card_of_other_issue', { where, card: shown, issue: pack.issue })
    serials.add(card.serial)
  }
  return serials
}

/** Unsold cards only: a sold one is in its buyer's hands. Returns how many were blocked. */
async function blockAsLost(
  office: Office,
  actor: Actor,
  now: number,
  pack: PackRow,
  serials: readonly number[],
  why: string | null,
): Promise<number | Refused> {
  if (serials.length === 0) return 0
  const [rows = []] = await office.db.use((connection) => connection.send(selectUnsoldOfPack(pack, serials)))
  const reason = why ?? `missing when pack ${pack.id} was received`
  const said = { who: actor.login, reason, validUntil: null, expiry: null, plastic: null }
  const answers = await Promise.all(
    rows.map(toShownCard).map((card) => {
      const id = office.nextId()
      const attached = [
        auditOf(actor, { action: 'cards.block', object: { kind: 'card', id: card.id }, details: { reason } }),
      ]
      const moment = { id, spareId: office.nextId(), now, today: dateIn(office.timeZone, now) }
      const requester = requesterOf(actor)
      const input = {
        operation: 'block',
        requester,
        key: clerkKey(id),
        card,
        block: 'lost',
        office: said,
        attached,
      } as const
      return office.submit(officeRequest(input, moment))
    }),
  )
  const failed = answers.find(({ result }) => result !== 'approved')
  return failed === undefined ? rows.length : refused('card_not_blocked', { result: failed.result })
}

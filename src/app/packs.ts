import { setTimeout as sleep } from 'node:timers/promises'
import type { CardKeys } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { PackState } from '../core/pack.ts'
import { clerkKey } from '../core/request.ts'
import { sellPack } from '../jobs/pack-sale.ts'
import type { Access } from '../db/access.ts'
import { officeRequest } from '../office/office-request.ts'
import { type Findings, planPack, type PackPlan, serialsOf, type Wanted } from '../office/pack-plan.ts'
import { readPack, readPacks, type PackView } from '../office/pack-reading.ts'
import {
  activatePack,
  approvePackSale,
  askPackSale,
  authorisePack,
  type Differences,
  differencesOf,
  dispatchPack,
  killPack,
  receivePack,
  returnPack,
} from '../office/pack-steps.ts'
import { createPack } from '../office/pack-records.ts'
import type { PackRow, Recipient } from '../db/sql/pack-rows.ts'
import { selectCardsOfSerials } from '../db/sql/pack-cards.ts'
import { toShownCard } from '../db/sql/shown-cards.ts'
import { onConnection } from '../db/unit-of-work.ts'
import { readCardList, readNumber, readSerial } from './card-list.ts'
import { keysOfHome } from './home-keys.ts'
import { atDesk, type OfficeDesk } from './office.ts'
import { onDatabase } from './on-database.ts'

export type { Differences, Findings, PackPlan, PackRow, PackState, PackView, Recipient }

/** Which cards, as they are typed. */
export type Selection = {
  /** `1-500,700`. */
  readonly serials: readonly string[]
  /** `first..last`: the cards that were made from one number to another. */
  readonly numbers: readonly string[]
  readonly cards: readonly string[]
  readonly files: readonly string[]
}

/** Says what the pack would be and what is wrong with it; writes nothing. */
export const planOf = (home: string, issue: string, selection: Selection): Promise<PackPlan> =>
  onDatabase(home, async (access) => {
    const wanted = await wantedOf(await keysOfHome(access, home), selection)
    return onConnection(access, (connection) => planPack(connection, issue, wanted))
  })

async function wantedOf(keys: CardKeys, { serials, numbers, cards, files }: Selection): Promise<Wanted[]> {
  const lists = await Promise.all(files.map((file) => readCardList(keys, file)))
  const wanted = [
    ...serials.flatMap((text) => text.split(',')).map(rangeOfSerials),
    ...numbers.map((text) => rangeOfNumbers(keys, text)),
    ...cards.map((text, i): Wanted => {
      const { shown, ...number } = readNumber(keys, text, `--card ${i + 1}`)
      return { by: 'number', where: `--card ${i + 1}`, number, shown }
    }),
    ...lists.flat(),
  ]
  if (wanted.length === 0) throw setUpError('say which cards: --serials, --numbers, --card or --file')
  return wanted
}

function rangeOfSerials(text: string): Wanted {
  const where = `--serials ${text}`
  const [from = '', to = from, ...more] = text.split('-')
  const serials = { first: readSerial(from, where), last: readSerial(to, where) }
  if (more.length > 0 || serials.last < serials.first) throw setUpError(`${where}: expected FIRST-LAST`)
  return { by: 'serials', where, serials }
}

function rangeOfNumbers(keys: CardKeys, text: string): Wanted {
  const [from, to, ...more] = text.split('..')
  if (from === undefined || to === undefined || more.length > 0) throw setUpError('--numbers: expected FIRST..LAST')
  return {
    by: 'numbers',
    where: '--numbers',
    from: readNumber(keys, from, 'the first of --numbers'),
    to: readNumber(keys, to, 'the last of --numbers'),
  }
}

export const makePack = (home: string, plan: PackPlan, recipient: Recipient, who: string): Promise<number> =>
  onDatabase(home, (access) => createPack(access, plan, recipient, { who, at: Date.now(), reason: null }))

export type PackFilter = Parameters<typeof readPacks>[1]
export const listPacks = (home: string, filter: PackFilter): Promise<PackRow[]> =>
  onDatabase(home, (access) => readPacks(access, filter))

export const findPack = (home: string, id: number): Promise<PackView> =>
  onDatabase(home, (access) => readPack(access, id))

const STEPS = {
  dispatch: dispatchPack,
  activate: activatePack,
  authorise: authorisePack,
  return: returnPack,
  kill: killPack,
} as const
export type SimpleStep = keyof typeof STEPS

/** Who does it and why. */
export type By = { readonly who: string; readonly reason: string | null }

export const takeStep = (home: string, id: number, step: SimpleStep, by: By): Promise<PackRow> =>
  onDatabase(home, (access) => STEPS[step](access, id, { ...by, at: Date.now() }))

/** What became of a receipt: `differences` and nothing done, or received, with so many missing cards reported lost. */
export type Receipt = { readonly received: boolean; readonly differences: Differences; readonly lost: number }

/**
 * Compares what was scanned with what is in the pack. Cards too many have to be taken out; missing ones, where the
 * recipient says so, are blocked as lost, so that they are not activated with the pack.
 */
export const receive = (
  home: string,
  id: number,
  scanned: Pick<Selection, 'cards' | 'files'>,
  missingAreLost: boolean,
  by: By,
): Promise<Receipt> =>
  atDesk(home, async (desk) => {
    const { pack } = await readPack(desk.access, id)
    const serials = await scannedSerials(
      desk.access,
      pack,
      await wantedOf(desk.keys, { serials: [], numbers: [], ...scanned }),
    )
    const differences = await onConnection(desk.access, (connection) => differencesOf(connection, id, serials))
    const { missing, surplus } = differences
    if (surplus.length > 0 || (missing.length > 0 && !missingAreLost)) return { received: false, differences, lost: 0 }
    if (missing.length > MOST_LOST)
      throw setUpError(`${missing.length} missing cards: at most ${MOST_LOST} can be lost in one go`)
    await blockAsLost(desk, pack, missing, by)
    const detail = `${serials.size} cards scanned, ${missing.length} missing and reported lost`
    await receivePack(desk.access, id, { ...by, at: Date.now() }, detail)
    return { received: true, differences, lost: missing.length }
  })

/** More than that is no receipt with a few cards missing. */
const MOST_LOST = 1_000

async function scannedSerials(access: Access, pack: PackRow, wanted: readonly Wanted[]): Promise<Set<number>> {
  const numbers = wanted.flatMap((one) => (one.by === 'number' ? [one] : []))
  const known = await onConnection(access, (connection) =>
    serialsOf(
      connection,
      numbers.map(({ number }) => number),
    ),
  )
  const serials = new Set(wanted.flatMap((one) => (one.by === 'serials' ? [one.serials.first] : [])))
  for (const { number, where, shown } of numbers) {
    const card = known.get(number.numberHash)
    if (card === undefined) throw setUpError(`${where}: no card has the number ${shown}`)
    if (card.issueId !== pack.issueId) throw setUpError(`${where}: ${shown} is not a card of issue ${pack.issue}`)
    serials.add(card.serial)
  }
  return serials
}

async function blockAsLost(desk: OfficeDesk, pack: PackRow, serials: readonly number[], by: By): Promise<void> {
  if (serials.length === 0) return
  const [rows = []] = await onConnection(desk.access, (connection) =>
    connection.send(selectCardsOfSerials(pack.issueId, serials)),
  )
  const reason = by.reason ?? `missing when pack ${pack.id} was received`
  const office = { who: by.who, reason, validUntil: null, expiry: null, plastic: null }
  const answers = await Promise.all(
    rows.map(toShownCard).map((card) => {
      const id = desk.nextId()
      const moment = { id, spareId: desk.nextId(), now: Date.now(), today: new Date().toISOString().slice(0, 10) }
      const requester = { channel: 'cli', who: by.who } as const
      const wish = { operation: 'block', requester, key: clerkKey(id), card, block: 'lost', office } as const
      return desk.submit(officeRequest(wish, moment))
    }),
  )
  const refused = answers.find(({ result }) => result !== 'approved')
  if (refused !== undefined) throw setUpError(`a missing card could not be blocked (${refused.result}); try again`)
}

/** Asks for the sale of a pack to its counterparty; `amount` null: the nominal of the issue. Returns what each card gets. */
export const askSale = (home: string, id: number, amount: number | null, by: By): Promise<number> =>
  atDesk(home, async (desk) => {
    const { pack } = await readPack(desk.access, id)
    const issue = issueOf(desk, pack)
    const each = amount ?? issue.nominal
    if (each === null) throw setUpError(`issue ${pack.issue} has no nominal: say --amount`)
    await askPackSale(desk.access, id, each, issue, { ...by, at: Date.now() })
    return each
  })

/** Approves the sale and books its loads; one that was approved before and broken off is gone on with. */
export const approveSale = (
  home: string,
  id: number,
  by: By,
  progress: (loaded: number, cards: number) => void,
): Promise<PackRow> =>
  atDesk(home, async (desk) => {
    const { access, submit, nextId } = desk
    const { pack } = await readPack(access, id)
    if (pack.state !== 'selling') await approvePackSale(access, id, issueOf(desk, pack), { ...by, at: Date.now() })
    await sellPack({ access, submit, nextId, now: Date.now, progress }, id)
    // Where another process is at it, until that one has done it.
    for (;;) {
      const { pack: now } = await readPack(access, id)
      if (now.state !== 'selling') return now
      await sleep(LOOK_AGAIN_MS)
      await sellPack({ access, submit, nextId, now: Date.now, progress }, id)
    }
  })

const LOOK_AGAIN_MS = 1_000

function issueOf(desk: OfficeDesk, { issueId, issue }: PackRow) {
  const found = desk.registry().issues.get(issueId)
  if (found === undefined) throw setUpError(`issue ${issue} is not there`)
  return found
}

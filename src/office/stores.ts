import { STORE_ACCOUNTS } from '../db/accounts.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
import { lockRegistryVersion } from '../db/sql/registry.ts'
import type { RegistryChangeView } from '../db/sql/registry-changes.ts'
import {
  insertAccounts,
  insertStores,
  lockStore,
  moveAccounts,
  type NewStore,
  selectStore,
  selectStores,
  selectStoresNamed,
  type StoreChange,
  type StoreRecord,
  toStoreRecord,
  updateStore,
} from '../db/sql/stores.ts'
import { countOpenIn } from '../db/sql/terminals.ts'
import type { Actor } from './actor.ts'
import { dateIn } from './clock.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { changesOf, described, differences, lotsOf, recordChanges, type Words } from './registry-changes.ts'
import { mayDo, mayDoAnywhere, storesOf } from './rights.ts'

export type { NewStore, StoreChange, StoreRecord }

/** Of an actor with own stores only these. */
export async function listStores(office: Office, actor: Actor): Promise<readonly StoreRecord[] | Refused> {
  const no = mayDoAnywhere(actor, 'stores.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectStores))
  const own = storesOf(actor, 'stores.find')
  return rows.map(toStoreRecord).filter(({ code }) => own === 'all' || own.has(code))
}

export type StoreView = { readonly store: StoreRecord; readonly changes: readonly RegistryChangeView[] }

export async function findStore(
  office: Office,
  actor: Actor,
  { store: code }: { readonly store: string },
): Promise<StoreView | Refused> {
  const no = mayDo(actor, 'stores.find', code)
  if (no !== null) return no
  return office.db.use(async (connection) => {
    const store = await storeOf(connection, code)
    return isRefused(store) ? store : { store, changes: await changesOf(connection, { what: 'store', code }) }
  })
}

async function storeOf(connection: WorkerConnection, code: string): Promise<StoreRecord | Refused> {
  const [[row] = []] = await connection.send(selectStore(code))
  return row === undefined ? refused('no_such_store', { store: code }) : toStoreRecord(row)
}

/** The objection to one code of a list. */
export type Against = { readonly code: string; readonly why: Refused }

/** A new one, open, with its ledger accounts. */
export async function addStore(office: Office, actor: Actor, store: NewStore): Promise<NewStore | Refused> {
  const against = await addStores(office, actor, { stores: [store], save: true })
  return isRefused(against) ? against : (against[0]?.why ?? store)
}

/**
 * Adds all of them, or none if there is an objection to one. Codes must be unique. `save` false: only returns the
 * objections.
 */
export async function addStores(
  office: Office,
  actor: Actor,
  { stores, save }: { readonly stores: readonly NewStore[]; readonly save: boolean },
): Promise<readonly Against[] | Refused> {
  const no = mayDo(actor, 'stores.edit')
  if (no !== null) return no
  return inTransaction(office, (connection) => storesAdded(connection, office, actor, { stores, save }))
}

/** Called within the transaction of an authorised actor. */
export async function storesAdded(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { stores, save }: { readonly stores: readonly NewStore[]; readonly save: boolean },
): Promise<readonly Against[]> {
  const at = office.clock()
  // Serialises additions, so that the checks below stay valid.
  if (save) await connection.send(lockRegistryVersion)
  const [there = []] = await connection.send(selectStoresNamed(stores.map(({ code }) => code)))
  if (there.length > 0) {
    return there.map(([code]) => ({ code: String(code), why: refused('store_there', { store: String(code) }) }))
  }
  if (!save) return []
  for (const lot of lotsOf(stores)) await connection.send(insertStores(lot))
  await openAccounts(office, connection, stores)
  await recordChanges(
    connection,
    office,
    actor,
    at,
    stores.map((store) => ({
      action: 'added',
      of: { what: 'store', code: store.code },
      store: store.code,
      detail: described(wordsOf({ ...store, state: 'open' })),
    })),
  )
  await connection.send(nextRegistryVersion)
  return []
}

async function openAccounts(
  { db }: Pick<Office, 'db'>,
  connection: WorkerConnection,
  stores: readonly NewStore[],
): Promise<void> {
  const accounts = stores.flatMap(({ code, currency }) =>
    STORE_ACCOUNTS.map((kind) => ({ kind, owner: code, currency })),
  )
  // Taken only now: there are a million of them, and those of a refused file would be gone.
  const first = await takeIds(db.access, 'account', accounts.length)
  const numbered = accounts.map((account, i) => ({ id: first + i, ...account }))
  for (const lot of lotsOf(numbered)) await connection.send(insertAccounts(lot))
}

export type ChangedStore = {
  readonly store: StoreRecord
  /** One of each; none: it was so already. */
  readonly differences: readonly string[]
  /** Transactions in it that are approved and not confirmed yet. */
  readonly open: number
}

/** Absent settings are kept. */
export async function changeStore(
  office: Office,
  actor: Actor,
  { store: code, change }: { readonly store: string; readonly change: StoreChange },
): Promise<ChangedStore | Refused> {
  const no = mayDo(actor, 'stores.edit')
  if (no !== null) return no
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    await connection.send(lockStore(code))
    const before = await storeOf(connection, code)
    if (isRefused(before)) return before
    const after = { ...before, ...change }
    const changed = differences(wordsOf(before), wordsOf(after))
    if (changed.length > 0) {
      const against = againstCurrency(before, after) ?? againstTimeZone(before, after, at)
      if (against !== null) return against
      await connection.send(updateStore(code, change))
      if (after.currency !== before.currency) await connection.send(moveAccounts(code, STORE_ACCOUNTS, after.currency))
      const of = { what: 'store', code: before.code } as const
      const record = { action: 'changed', of, store: before.code, detail: changed.join(', ') } as const
      await recordChanges(connection, office, actor, at, [record])
      await connection.send(nextRegistryVersion)
    }
    const [[open] = []] = await connection.send(countOpenIn(code))
    return { store: after, differences: changed, open: Number(open?.[0]) }
  })
}

const wordsOf = ({ name, currency, timeZone, language, state }: Omit<StoreRecord, 'terminals'>): Words => ({
  name,
  currency: currencyWord(currency),
  'time zone': timeZone,
  language,
  state,
})

const currencyWord = (currency: number): string => String(currency).padStart(3, '0')

/** Its books are kept in its currency. Without a terminal nothing can have been booked, nor be on its way. */
function againstCurrency(before: StoreRecord, after: StoreRecord): Refused | null {
  const { code: store, terminals, currency } = before
  if (after.currency === currency || terminals === 0) return null
  return refused('store_currency_stays', { store, terminals, currency: currencyWord(currency) })
}

/** A running switch takes the change up within a second. */
const TAKEN_UP_MS = 60_000

/** No business day begins twice or is left out: both zones have the same date, and still have it when switches know. */
function againstTimeZone(before: StoreRecord, after: StoreRecord, now: number): Refused | null {
  if (after.timeZone === before.timeZone) return null
  const today = dateIn(before.timeZone, now)
  const dates = [now, now + TAKEN_UP_MS].flatMap((at) => [dateIn(before.timeZone, at), dateIn(after.timeZone, at)])
  const other = dates.find((date) => date !== today)
  if (other === undefined) return null
  return refused('store_time_zone_stays', {
    store: before.code,
    zone: before.timeZone,
    today,
    other: dateIn(after.timeZone, now),
    wanted: after.timeZone,
  })
}

import { setUpError } from '../config/set-up-error.ts'
import type { Access } from '../db/access.ts'
import { STORE_ACCOUNTS } from '../db/accounts.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import {
  changesOf,
  described,
  differences,
  lotsOf,
  recordChanges,
  takeChangeIds,
  type Words,
} from './registry-changes.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
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
import { lockRegistryVersion } from '../db/sql/registry.ts'
import { onConnection, unitOfWork } from '../db/unit-of-work.ts'

export const readStores = (access: Access): Promise<StoreRecord[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(selectStores)
    return rows.map(toStoreRecord)
  })

export type StoreView = { readonly store: StoreRecord; readonly changes: readonly RegistryChangeView[] }

/** @throws a set-up error where there is no such store */
export const readStore = (access: Access, code: string): Promise<StoreView> =>
  onConnection(access, async (connection) => ({
    store: await storeOf(connection, code),
    changes: await changesOf(connection, { what: 'store', code }),
  }))

async function storeOf(connection: WorkerConnection, code: string): Promise<StoreRecord> {
  const [[row] = []] = await connection.send(selectStore(code))
  if (row === undefined) throw setUpError(`there is no store ${code}`)
  return toStoreRecord(row)
}

export type Adding = {
  readonly who: string
  /** False: only say what is against it. */
  readonly save: boolean
}

/** What is against adding one; completes a sentence about it. */
export type Refusal = { readonly code: string; readonly text: string }

/** Adds all of them with their ledger accounts, or none where something is against one. Each code once. */
export async function addStores(
  access: Access,
  stores: readonly NewStore[],
  { who, save }: Adding,
): Promise<readonly Refusal[]> {
  const firstChange = save ? await takeChangeIds(access, stores.length) : 0
  return unitOfWork(access, async (connection) => {
    // Whoever adds waits here for the others, so that what is read below stays so.
    if (save) await connection.send(lockRegistryVersion)
    const [there = []] = await connection.send(selectStoresNamed(stores.map(({ code }) => code)))
    if (there.length > 0) return there.map(([code]) => ({ code: String(code), text: 'is there already' }))
    if (!save) return []
    for (const lot of lotsOf(stores)) await connection.send(insertStores(lot))
    const accounts = stores.flatMap(({ code, currency }) =>
      STORE_ACCOUNTS.map((kind) => ({ kind, owner: code, currency })),
    )
    // Taken only now: there are a million of them, and those of a refused file would be gone.
    const firstAccount = await takeIds(access, 'account', accounts.length)
    const numbered = accounts.map((account, i) => ({ id: firstAccount + i, ...account }))
    for (const lot of lotsOf(numbered)) await connection.send(insertAccounts(lot))
    await recordChanges(
      connection,
      firstChange,
      stores.map((store) => ({
        who,
        action: 'added',
        of: { what: 'store', code: store.code },
        detail: described(wordsOf({ ...store, state: 'open' })),
      })),
    )
    await connection.send(nextRegistryVersion)
    return []
  })
}

export type ChangedStore = {
  readonly store: StoreRecord
  /** One of each; none: it was so already. */
  readonly differences: readonly string[]
  /** Transactions in it that are approved and not confirmed yet. */
  readonly open: number
}

/** @throws a set-up error where there is no such store, or where it cannot become so */
export async function changeStore(
  access: Access,
  code: string,
  change: StoreChange,
  { who, now }: { readonly who: string; readonly now: number },
): Promise<ChangedStore> {
  const changeId = await takeChangeIds(access, 1)
  return unitOfWork(access, async (connection) => {
    await connection.send(lockStore(code))
    const before = await storeOf(connection, code)
    const after = { ...before, ...change }
    const changed = differences(wordsOf(before), wordsOf(after))
    if (changed.length > 0) {
      mayHaveCurrency(before, after)
      mayHaveTimeZone(before, after, now)
      await connection.send(updateStore(code, change))
      if (after.currency !== before.currency) await connection.send(moveAccounts(code, STORE_ACCOUNTS, after.currency))
      const of = { what: 'store', code: before.code } as const
      await recordChanges(connection, changeId, [{ who, action: 'changed', of, detail: changed.join(', ') }])
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
function mayHaveCurrency(before: StoreRecord, after: StoreRecord): void {
  if (after.currency === before.currency || before.terminals === 0) return
  throw setUpError(
    `store ${before.code} has terminals (${before.terminals}), so its currency stays ${currencyWord(before.currency)}: its books are kept in it. Another currency is another store with a code of its own`,
  )
}

/** A running switch takes the change up within a second. */
const TAKEN_UP_MS = 60_000

/** No business day begins twice or is left out: both zones have the same date, and still have it when switches know. */
function mayHaveTimeZone(before: StoreRecord, after: StoreRecord, now: number): void {
  if (after.timeZone === before.timeZone) return
  const today = dateIn(before.timeZone, now)
  const dates = [now, now + TAKEN_UP_MS].flatMap((at) => [dateIn(before.timeZone, at), dateIn(after.timeZone, at)])
  const other = dates.find((date) => date !== today)
  if (other === undefined) return
  throw setUpError(
    `the time zone of store ${before.code} stays ${before.timeZone} for now: it is ${today} there, and ${dateIn(after.timeZone, now)} in ${after.timeZone}, or midnight is near, so that a business day would come twice or not at all. Again when both have the same date`,
  )
}

const dateIn = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)

import { setUpError } from '../config/set-up-error.ts'
import {
  addStores,
  type ChangedStore,
  changeStore,
  readStore,
  readStores,
  type StoreView,
} from '../office/store-records.ts'
import type { NewStore, StoreChange, StoreRecord } from '../db/sql/stores.ts'
import { onDatabase } from './on-database.ts'
import { type Imported, importLines, readShopFile } from './shop-file.ts'
import { NEW, readNewStore } from './shop-settings.ts'

export type { NewStore, StoreChange, StoreRecord }

export const listStores = (home: string): Promise<StoreRecord[]> => onDatabase(home, readStores)

export const showStore = (home: string, code: string): Promise<StoreView> =>
  onDatabase(home, (access) => readStore(access, code))

/** @throws a set-up error where it is there already */
export const newStore = (home: string, store: NewStore, who: string): Promise<void> =>
  onDatabase(home, async (access) => {
    const [refusal] = await addStores(access, [store], { who, save: true })
    if (refusal !== undefined) throw setUpError(`store ${refusal.code} ${refusal.text}`)
  })

export const setStore = (home: string, code: string, change: StoreChange, who: string): Promise<ChangedStore> =>
  onDatabase(home, (access) => changeStore(access, code, change, { who, now: Date.now() }))

export async function importStores(home: string, file: string, { who, dryRun }: Importing): Promise<Imported> {
  const shape = { columns: Object.keys(NEW.store), needed: ['store', 'name'], read: readNewStore }
  const lines = await readShopFile(file, shape)
  return onDatabase(home, (access) => importLines(lines, dryRun, (all, save) => addStores(access, all, { who, save })))
}

export type Importing = { readonly who: string; readonly dryRun: boolean }

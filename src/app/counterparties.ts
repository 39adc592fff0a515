import {
  addCounterparty,
  closeCounterparty,
  type Counterparty,
  readCounterparties,
} from '../office/counterparty-records.ts'
import { onDatabase } from './on-database.ts'

export type { Counterparty }

export const newCounterparty = (home: string, code: string, name: string): Promise<void> =>
  onDatabase(home, (access) => addCounterparty(access, code, name))

export const shutCounterparty = (home: string, code: string): Promise<void> =>
  onDatabase(home, (access) => closeCounterparty(access, code))

export const listCounterparties = (home: string): Promise<Counterparty[]> => onDatabase(home, readCounterparties)

import { changeTexts, readTerminal, readTerminals } from '../store/terminals.ts'
import type { TerminalRecord, TextChange } from '../store/sql/terminals.ts'
import { onDatabase } from './on-database.ts'

export { CHARACTER_SETS, LANGUAGES } from '../core/registry.ts'
export type { TerminalRecord, TextChange }

export const listTerminals = (home: string, store: string | null): Promise<TerminalRecord[]> =>
  onDatabase(home, (access) => readTerminals(access, store))

export const showTerminal = (home: string, code: string): Promise<TerminalRecord> =>
  onDatabase(home, (access) => readTerminal(access, code))

export const setTerminalTexts = (home: string, code: string, change: TextChange): Promise<TerminalRecord> =>
  onDatabase(home, (access) => changeTexts(access, code, change))

import { setUpError } from '../config/set-up-error.ts'
import {
  addTerminals,
  type ChangedTerminal,
  changeTerminal,
  readTerminal,
  readTerminals,
  type TerminalView,
} from '../office/terminal-records.ts'
import type { NewTerminal, TerminalChange, TerminalRecord } from '../db/sql/terminals.ts'
import { onDatabase } from './on-database.ts'
import { type Imported, importLines, readShopFile } from './shop-file.ts'
import { NEW, readNewTerminal } from './shop-settings.ts'
import type { Importing } from './stores.ts'

export type { NewTerminal, TerminalChange, TerminalRecord }

export const listTerminals = (home: string, store: string | null): Promise<TerminalRecord[]> =>
  onDatabase(home, (access) => readTerminals(access, store))

export const showTerminal = (home: string, code: string): Promise<TerminalView> =>
  onDatabase(home, (access) => readTerminal(access, code))

/** @throws a set-up error where it is there already, or its store is not */
export const newTerminal = (home: string, terminal: NewTerminal, who: string): Promise<void> =>
  onDatabase(home, async (access) => {
    const [refusal] = await addTerminals(access, [terminal], { who, save: true })
    if (refusal !== undefined) throw setUpError(`terminal ${refusal.code} ${refusal.text}`)
  })

export const setTerminal = (
  home: string,
  code: string,
  change: TerminalChange,
  who: string,
): Promise<ChangedTerminal> => onDatabase(home, (access) => changeTerminal(access, code, change, who))

export async function importTerminals(home: string, file: string, { who, dryRun }: Importing): Promise<Imported> {
  const shape = { columns: Object.keys(NEW.terminal), needed: ['terminal', 'store'], read: readNewTerminal }
  const lines = await readShopFile(file, shape)
  return onDatabase(home, (access) =>
    importLines(lines, dryRun, (all, save) => addTerminals(access, all, { who, save })),
  )
}

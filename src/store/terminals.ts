import { setUpError } from '../config/set-up-error.ts'
import type { Access } from './access.ts'
import { nextRegistryVersion } from './sql/issues.ts'
import {
  selectTerminal,
  selectTerminalsOf,
  setTexts,
  type TerminalRecord,
  type TextChange,
  toTerminalRecord,
} from './sql/terminals.ts'
import { onConnection, unitOfWork } from './unit-of-work.ts'

/** All of a store; null: of every store. */
export const readTerminals = (access: Access, store: string | null): Promise<TerminalRecord[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(selectTerminalsOf(store))
    return rows.map(toTerminalRecord)
  })

/** @throws a set-up error where there is no such terminal */
export const readTerminal = (access: Access, code: string): Promise<TerminalRecord> =>
  onConnection(access, async (connection) => {
    const [[row] = []] = await connection.send(selectTerminal(code))
    if (row === undefined) throw setUpError(`there is no terminal ${code}`)
    return toTerminalRecord(row)
  })

/** Changes how a terminal gets its texts, and gives it as it is then. @throws a set-up error where there is none */
export const changeTexts = (access: Access, code: string, texts: TextChange): Promise<TerminalRecord> =>
  unitOfWork(access, async (connection) => {
    // The terminal before the version, as its end of day locks them.
    const change = `${setTexts(code, texts)};${nextRegistryVersion};${selectTerminal(code)}`
    const [[row] = []] = await connection.send(change)
    if (row === undefined) throw setUpError(`there is no terminal ${code}`)
    return toTerminalRecord(row)
  })

import { setUpError } from '../config/set-up-error.ts'
import type { Access } from '../db/access.ts'
import { text } from '../db/sql/literal.ts'
import { onConnection } from '../db/unit-of-work.ts'

/** A company that buys cards, or an employer. */
export type Counterparty = { readonly code: string; readonly name: string; readonly state: string }

/** 1062: the code is taken. */
const TAKEN = 1062

/** @throws a set-up error where the code is taken */
export const addCounterparty = (access: Access, code: string, name: string): Promise<void> =>
  onConnection(access, async (connection) => {
    const insert = `INSERT INTO counterparties (code, name, state) VALUES (${text(code)},${text(name)},'open')`
    await connection.send(insert).catch((error: unknown) => {
      throw (error as { errno?: unknown }).errno === TAKEN ? setUpError(`counterparty ${code} is there already`) : error
    })
  })

export const closeCounterparty = (access: Access, code: string): Promise<void> =>
  onConnection(access, async (connection) => {
    const [[count] = []] = await connection.send(
      `UPDATE counterparties SET state = 'closed' WHERE code = ${text(code)} AND state = 'open';SELECT ROW_COUNT()`,
    )
    if (Number(count?.[0]) === 0) throw setUpError(`there is no open counterparty ${code}`)
  })

export const readCounterparties = (access: Access): Promise<Counterparty[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send('SELECT code, name, state FROM counterparties ORDER BY code')
    return rows.map(([code, name, state]) => ({ code: String(code), name: String(name), state: String(state) }))
  })

import type { AccountId, ContraAccount } from '../core/money.ts'
import type { Access } from './access.ts'
import { takeIds } from './ids.ts'
import { integer, text } from './sql/literal.ts'
import { onConnection } from './unit-of-work.ts'

/** Owner of the accounts that are the issuer's own: breakage, adjustments. */
export const ISSUER = 'issuer'

/** The accounts of every store, in its currency: its receipts for cards, and payments by card at its tills. */
export const STORE_ACCOUNTS = ['store_receivable', 'store_payable'] as const satisfies readonly ContraAccount[]

/** The ledger account of this kind, owner and currency; opened if it is missing, safely under concurrency. */
export const openAccount = (access: Access, kind: ContraAccount, owner: string, currency: number): Promise<AccountId> =>
  onConnection(access, async (connection) => {
    const find = async (): Promise<AccountId | null> => {
      const [[row] = []] = await connection.send(
        `SELECT id FROM accounts WHERE kind = ${text(kind)} AND owner = ${text(owner)} AND currency = ${integer(currency)}`,
      )
      return row === undefined ? null : Number(row[0])
    }
    const found = await find()
    if (found !== null) return found
    const id = await takeIds(access, 'account', 1)
    await connection.send(
      `INSERT INTO accounts (id, kind, owner, currency) VALUES (${integer(id)},${text(kind)},${text(owner)},${integer(currency)})
       ON DUPLICATE KEY UPDATE kind = VALUES(kind)`,
    )
    await connection.send('UPDATE registry_version SET version = version + 1 WHERE id = 1')
    return (await find()) ?? id
  })

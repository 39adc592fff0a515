import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, type Refused } from '../refusal.ts'
import { inputsOf, setInput } from '../reports/inputs.ts'
import { mayDo } from '../rights.ts'
import { LEDGER_ACCOUNTS } from './general-ledger.ts'

export type AccountCode = { readonly account: string; readonly value: string; readonly who: string | null }

/** Codes of the general ledger's accounts, as far as they are set. */
export async function showAccounts(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
): Promise<readonly AccountCode[] | Refused> {
  const no = mayDo(actor, 'reports.see')
  if (no !== null) return no
  const inputs = await db.use(inputsOf)
  return LEDGER_ACCOUNTS.map((account) => {
    const input = inputs.get(`account.${account}`)
    return { account, value: input?.value ?? '', who: input?.who ?? null }
  })
}

/** Sets some of them. */
export async function setAccounts(
  office: Office,
  actor: Actor,
  values: Readonly<Record<string, string>>,
): Promise<null | Refused> {
  const no = mayDo(actor, 'reports.inputs')
  if (no !== null) return no
  for (const [account, value] of Object.entries(values)) {
    const set = await setInput(office, actor, { name: `account.${account}`, value })
    if (isRefused(set)) return set
  }
  return null
}

import {
  closeCounterparty as close,
  type Counterparty,
  insertCounterparty,
  selectCounterparties,
  toCounterparty,
} from '../db/sql/counterparties.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { type Credit, creditsIn } from './counterparty/credit.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { inSnapshot } from './reports/snapshot.ts'
import { mayDo } from './rights.ts'

export type { Counterparty }

export async function listCounterparties(office: Office, actor: Actor): Promise<readonly Counterparty[] | Refused> {
  const no = mayDo(actor, 'counterparties.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectCounterparties))
  return rows.map(toCounterparty)
}

/** The debts of all counterparties by currency, from one snapshot. */
export async function listCredits(office: Office, actor: Actor): Promise<readonly Credit[] | Refused> {
  const no = mayDo(actor, 'counterparties.find')
  if (no !== null) return no
  return inSnapshot(office, async (snapshot) => creditsIn(snapshot, null))
}

export type CounterpartyPage = { readonly counterparty: Counterparty; readonly credits: readonly Credit[] }

/** One counterparty: debt, approved amounts, credit limits. */
export async function showCounterparty(
  office: Office,
  actor: Actor,
  code: string,
): Promise<CounterpartyPage | Refused> {
  const all = await listCounterparties(office, actor)
  if (isRefused(all)) return all
  const counterparty = all.find((one) => one.code === code)
  if (counterparty === undefined) return refused('no_such_counterparty', { code })
  const credits = await inSnapshot(office, async (snapshot) => creditsIn(snapshot, code))
  return isRefused(credits) ? credits : { counterparty, credits }
}

/** A new one, open. */
export async function addCounterparty(
  office: Office,
  actor: Actor,
  { code, name }: Pick<Counterparty, 'code' | 'name'>,
): Promise<Counterparty | Refused> {
  const no = mayDo(actor, 'counterparties.edit')
  if (no !== null) return no
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const [[added] = []] = await connection.send(`${insertCounterparty(code, name)};SELECT ROW_COUNT()`)
    if (added?.[0] !== 1) return refused('counterparty_there', { code })
    const object = { kind: 'counterparty', id: code }
    await putOnRecord(connection, office, actor, at, { action: 'counterparties.add', object, details: { name } })
    return { code, name, state: 'open' }
  })
}

/** Closes a counterparty: it gets no more packs. */
export async function closeCounterparty(
  office: Office,
  actor: Actor,
  { code }: Pick<Counterparty, 'code'>,
): Promise<{ readonly code: string } | Refused> {
  const no = mayDo(actor, 'counterparties.edit')
  if (no !== null) return no
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const [[closed] = []] = await connection.send(`${close(code)};SELECT ROW_COUNT()`)
    if (closed?.[0] !== 1) return refused('no_open_counterparty', { code })
    const object = { kind: 'counterparty', id: code }
    await putOnRecord(connection, office, actor, at, { action: 'counterparties.close', object })
    return { code }
  })
}

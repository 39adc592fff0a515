/** Figures that people enter for reports. */

import { currencyLettered } from '../../core/currency.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { upsertInput } from '../../db/sql/report-inputs.ts'
import { selectInputs } from '../../db/sql/report-queries.ts'
import { fromInstant } from '../../db/sql/literal.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { inTransaction, type Office } from '../office.ts'
import { refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'

export type Input = { readonly value: string; readonly who: string; readonly at: string }

/** The figures that people may enter, and their format. */
const FORMS: readonly { readonly name: RegExp; readonly value: RegExp }[] = [
  // The part of an issue's remaining money that is expected never to be used.
  { name: /^breakage\.[A-Z0-9_-]{1,20}$/u, value: /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/u },
  // Euros for one unit of a currency.
  { name: /^rate\.[A-Z]{3}$/u, value: /^\d{1,9}(?:\.\d{1,9})?$/u },
  // Of the limited network, in whole euros.
  { name: /^network\.threshold$/u, value: /^\d{1,12}$/u },
  // Codes of the general ledger's accounts.
  { name: /^account\.[a-z_]{1,40}$/u, value: /^[\p{L}\p{N}. /_-]{1,40}$/u },
]

/** A factor of an issue that there is none of, or a rate of letters that are no currency or of the euro itself, would wait for ever to have an effect. */
function isOfSomething({ registry }: Pick<Office, 'registry'>, name: string): boolean {
  const [kind, of = ''] = name.split('.')
  if (kind === 'breakage') return [...registry().issues.values()].some(({ code }) => code === of)
  return kind !== 'rate' || (of !== 'EUR' && currencyLettered(of) !== null)
}

export async function inputsOf(connection: WorkerConnection): Promise<ReadonlyMap<string, Input>> {
  const [rows = []] = await connection.send(selectInputs)
  return new Map(
    rows.map((row) => {
      const [name, value, who, at] = row as [string, string, string, string]
      return [name, { value, who, at: new Date(fromInstant(at)).toISOString() }]
    }),
  )
}

/** Sets a figure that reports need and the transactions do not contain; reports name its author. */
export async function setInput(
  office: Office,
  actor: Actor,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<{ readonly name: string; readonly value: string } | Refused> {
  const no = mayDo(actor, 'reports.inputs')
  if (no !== null) return no
  const form = FORMS.find((known) => known.name.test(name))
  if (form === undefined || !isOfSomething(office, name)) return refused('no_such_input', { name })
  if (!form.value.test(value)) return refused('wrong_input', { name, value })
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    await connection.send(upsertInput(name, value, actor.login, at))
    const act = { action: 'reports.inputs', object: { kind: 'input', id: name }, details: { value } }
    await putOnRecord(connection, office, actor, at, act)
    return { name, value }
  })
}

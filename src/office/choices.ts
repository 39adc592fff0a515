import { currencyOf } from '../core/currency.ts'
import { OPERATION_NAMES } from '../core/operations.ts'
import { RESULTS } from '../core/result.ts'
import { selectCounterparties, toCounterparty } from '../db/sql/counterparties.ts'
import { RESPONSE_CODES } from '../messages/response-code.ts'
import { TEXTS } from '../messages/texts.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import { storesOf } from './rights.ts'
import type { Right } from './rights-table.ts'

const ENTRY_MODES = [
  ['01', 'Typed', 'Wpisany'],
  ['03', 'Barcode', 'Kod kreskowy'],
  ['02', 'Stripe', 'Pasek'],
  ['81', 'E-commerce', 'E-commerce'],
] as const

/** The choices of filters, limited to what this person may see. */
export async function choices(office: Office, actor: Actor) {
  const { stores, terminals, issues } = office.registry()
  const sees = (right: Right, store: string): boolean => {
    const own = storesOf(actor, right)
    return own === 'all' || own.has(store)
  }
  const [rows = []] = actor.rights.has('counterparties.find')
    ? await office.db.use((connection) => connection.send(selectCounterparties))
    : [[]]
  return {
    stores: [...stores.values()]
      .filter(({ code }) => sees('stores.find', code))
      .map(({ code, name, timeZone, currency }) => ({ code, name, timeZone, currency: currencyOf(currency).letters })),
    terminals: [...terminals.values()]
      .filter(({ storeCode }) => sees('terminals.find', storeCode))
      .map(({ code, storeCode }) => ({ code, store: storeCode })),
    issues: [...issues.values()].map(({ code, currency }) => ({
      code,
      name: code,
      currency: currencyOf(currency).letters,
    })),
    counterparties: rows.map(toCounterparty).map(({ code, name }) => ({ code, name })),
    operations: [...OPERATION_NAMES],
    responses: RESULTS.map((result) => ({
      result,
      response: RESPONSE_CODES[result].code,
      text: { ...(TEXTS[result] ?? { en: 'Approved', pl: 'Zaakceptowano' }) },
    })),
    entryModes: ENTRY_MODES.map(([code, en, pl]) => ({ code, text: { en, pl } })),
  }
}

import { ISSUE_STATES, type Issue } from '../../core/issue.ts'
import {
  boundTo,
  certificateName,
  CHARACTER_SETS,
  CONFIRMATIONS,
  LANGUAGES,
  type Store,
  type Terminal,
} from '../../core/registry.ts'
import { integer } from './literal.ts'
import { oneOf, type Row } from './row.ts'
import { isBound } from './terminals.ts'

export const selectVersion = 'SELECT version FROM registry_version WHERE id = 1'
/** Locks out every other change until the end of this database transaction, without being one. */
export const lockRegistryVersion = `${selectVersion} FOR UPDATE`

/** Served: active, and authenticated or explicitly exempt. A price checker is authenticated by its cookie. */
const isServed = `t.state = 'active' AND (t.mac <> 'none' OR t.unauthenticated OR t.channel = 'kiosk' OR ${isBound})`

const SELECT_ISSUES = `SELECT id, code, currency, value_kind, nominal, sale_minimum, sale_maximum, sale_step,
  top_up_minimum, top_up_maximum, top_up_step, maximum_balance, refund_onto_card, refund_onto_new,
  unreceipted_refund_maximum, partial_approval, cash_out_maximum, pay_by_number, balance_by_number, validity_months,
  top_up_count, daily_count, daily_amount, state, packs, sale_authorisation, sale_authorised_by, ecommerce_after_hours,
  medium, unreceipted_refund_daily, unreceipted_refund_terminal_daily
  FROM issues`
export const selectIssueOf = (id: number): string => `${SELECT_ISSUES} WHERE id = ${integer(id)}`

/** Eight results: version first, so that a change during the reading is seen at the next look. */
export const selectRegistry = [
  selectVersion,
  'SELECT code, name, currency, time_zone, state FROM stores',
  `SELECT t.code, t.store_code, t.confirmation, t.mac, t.mac_required, ${isServed}, t.business_date, t.sign_on,
   t.character_set, COALESCE(t.language, s.language), t.channel FROM terminals t JOIN stores s ON s.code = t.store_code`,
  SELECT_ISSUES,
  'SELECT id, kind, owner, currency FROM accounts',
  'SELECT issue_id, purpose, store_code FROM issue_stores',
  'SELECT terminal_code, named_by, name FROM terminal_certificates',
  'SELECT store_code, named_by, name FROM store_certificates',
].join(';')

export function toStore(row: Row): Store {
  const [code, name, currency, timeZone, state] = row as [string, string, number, string, string]
  return { code, name, currency, timeZone, open: state === 'open' }
}

export function toTerminal(row: Row): Terminal {
  const [code, storeCode, confirmation, mac, macRequired, served, openedBusinessDate, signOn, characterSet, language, channel] = row as [
    string, string, string, string, number, number, string | null, number, string, string, string,
  ] // prettier-ignore
  return {
    code,
    storeCode,
    confirmation: oneOf(CONFIRMATIONS, confirmation),
    mac: oneOf(['none', 'retail', 'aes-cmac'] as const, mac),
    macRequired: macRequired === 1,
    active: served === 1,
    openedBusinessDate,
    signOn: signOn === 1,
    channel: oneOf(['terminal', 'kiosk'] as const, channel),
    textForm: { language: oneOf(LANGUAGES, language), characterSet: oneOf(CHARACTER_SETS, characterSet) },
  }
}

/** `stores`: rows of issue_stores. */
export function toIssue(row: Row, stores: readonly Row[]): Issue {
  const [
    id, code, currency, valueKind, nominal, saleMinimum, saleMaximum, saleStep, topUpMinimum, topUpMaximum,
    topUpStep, maximumBalance, refundOntoCard, refundOntoNew, unreceiptedRefundMaximum, partialApproval,
    cashOutMaximum, payByNumber, balanceByNumber, validityMonths, topUpCount, dailyCount, dailyAmount,
    state, packs, saleAuthorisation, saleAuthorisedBy, ecommerceAfterHours, medium,
    unreceiptedRefundDaily, unreceiptedRefundTerminalDaily,
  ] = row as [
    number, string, number, string, number | null, number, number, number, number | null, number | null,
    number | null, number, number, number, number, number, number, number, number, number | null,
    number | null, number | null, number | null,
    string, number, number, string | null, number, string,
    number, number,
  ] // prettier-ignore
  const storesFor = (purpose: 'sell' | 'accept'): ReadonlySet<string> | null => {
    const codes = stores.filter((of) => of[0] === id && of[1] === purpose).map((of) => String(of[2]))
    return codes.length === 0 ? null : new Set(codes)
  }
  return {
    id,
    code,
    state: oneOf(ISSUE_STATES, state),
    virtual: medium === 'virtual',
    currency,
    valueKind: oneOf(['open', 'nominal'] as const, valueKind),
    nominal,
    sale: { minimum: saleMinimum, maximum: saleMaximum, step: saleStep },
    topUp:
      topUpMinimum === null || topUpMaximum === null || topUpStep === null
        ? null
        : { minimum: topUpMinimum, maximum: topUpMaximum, step: topUpStep },
    maximumBalance,
    refundOntoCard: refundOntoCard === 1,
    refundOntoNew: refundOntoNew === 1,
    unreceiptedRefundMaximum,
    unreceiptedRefundDaily,
    unreceiptedRefundTerminalDaily,
    partialApproval: partialApproval === 1,
    cashOutMaximum,
    payByNumber: payByNumber === 1,
    balanceByNumber: balanceByNumber === 1,
    ecommerceAfterHours,
    validityMonths,
    packs: packs === 1,
    saleAuthorisation: saleAuthorisation === 1,
    authorised: saleAuthorisedBy !== null,
    topUpCount,
    dailyCount,
    dailyAmount,
    sellingStores: storesFor('sell'),
    acceptingStores: storesFor('accept'),
  }
}

/** Merges the rows of both certificate tables by terminal and store. */
export function toBindings(
  ofTerminals: readonly Row[],
  ofStores: readonly Row[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const bindings = new Map<string, Set<string>>()
  const add = (what: 'terminal' | 'store', row: Row): void => {
    const [code, namedBy, name] = row as [string, string, string]
    const certificates = bindings.get(boundTo(what, code)) ?? new Set()
    certificates.add(certificateName(oneOf(['fingerprint', 'subject'] as const, namedBy), name))
    bindings.set(boundTo(what, code), certificates)
  }
  for (const row of ofTerminals) add('terminal', row)
  for (const row of ofStores) add('store', row)
  return bindings
}

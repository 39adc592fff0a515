import { ISSUE_SETTINGS, type IssueSettings, type SettingName } from '../../cards/issue-settings.ts'
import { ISSUE_STATES, type IssueState } from '../../core/issue.ts'
import { binary, boolean, integer, integerOrNull, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** Settings that are a column of `issues`; where it is sold and accepted are rows of `issue_stores`. */
type ColumnSetting = Exclude<SettingName, 'soldIn' | 'acceptedIn'>

export const SETTING_COLUMNS = {
  code: 'code',
  name: 'name',
  currency: 'currency',
  prefix: 'prefix',
  length: 'number_length',
  count: 'card_count',
  medium: 'medium',
  body: 'number_body',
  barcode: 'barcode',
  eanPrefix: 'ean_prefix',
  nominal: 'nominal',
  saleMinimum: 'sale_minimum',
  saleMaximum: 'sale_maximum',
  saleStep: 'sale_step',
  topUpMinimum: 'top_up_minimum',
  topUpMaximum: 'top_up_maximum',
  topUpStep: 'top_up_step',
  topUpCount: 'top_up_count',
  maximumBalance: 'maximum_balance',
  dailyAmount: 'daily_amount',
  dailyCount: 'daily_count',
  refundOntoCard: 'refund_onto_card',
  refundOntoNew: 'refund_onto_new',
  unreceiptedRefundMaximum: 'unreceipted_refund_maximum',
  unreceiptedRefundDaily: 'unreceipted_refund_daily',
  unreceiptedRefundTerminalDaily: 'unreceipted_refund_terminal_daily',
  partialApproval: 'partial_approval',
  cashOutMaximum: 'cash_out_maximum',
  payByNumber: 'pay_by_number',
  balanceByNumber: 'balance_by_number',
  validUntil: 'valid_until',
  validityMonths: 'validity_months',
  ecommerceAfterHours: 'ecommerce_after_hours',
  packs: 'packs',
  ecodes: 'ecodes',
  saleAuthorisation: 'sale_authorisation',
  voucherKind: 'voucher_kind',
  vatRate: 'vat_rate',
} as const satisfies Record<ColumnSetting, string>

const COLUMN_SETTINGS = Object.keys(SETTING_COLUMNS) as readonly ColumnSetting[]

/** An issue as it is kept. */
export type IssueRecord = {
  readonly id: number
  readonly state: IssueState
  readonly settings: IssueSettings
  /** The place of its first card's EAN-13 in its number space; null before generation, and without EAN-13. */
  readonly firstEan: number | null
  /**
   * The seed of its eCodes, 32 bytes; null before generation, after the export that showed them, and without eCodes.
   */
  readonly ecodeSeed: Buffer | null
}

const SELECT = `SELECT id, state, first_ean, ecode_seed, ${COLUMN_SETTINGS.map((name) => SETTING_COLUMNS[name]).join(', ')} FROM issues`

/** All, the oldest first. */
export const selectIssues = `${SELECT} ORDER BY id`
export const selectIssue = (code: string): string => `${SELECT} WHERE code = ${text(code)}`
export const selectIssueOfId = (id: number): string => `${SELECT} WHERE id = ${integer(id)}`
/** Locked until the end of the transaction: decisions about an issue are made one at a time. */
export const lockIssue = (code: string): string => `${selectIssue(code)} FOR UPDATE`

export const selectIssueStores = 'SELECT issue_id, purpose, store_code FROM issue_stores ORDER BY store_code'

export function toIssueRecord(row: Row, stores: readonly Row[]): IssueRecord {
  const [id, state, firstEan, ecodeSeed, ...values] = row as [
    number,
    string,
    number | null,
    Buffer | null,
    ...unknown[],
  ]
  const read = COLUMN_SETTINGS.map((name, i) => [name, isFlag(name) ? values[i] === 1 : values[i]] as const)
  const at = (purpose: string): readonly string[] | null => {
    const codes = stores.filter((of) => of[0] === id && of[1] === purpose).map((of) => String(of[2]))
    return codes.length === 0 ? null : codes
  }
  const settings = { ...Object.fromEntries(read), soldIn: at('sell'), acceptedIn: at('accept') }
  return { id, state: oneOf(ISSUE_STATES, state), settings: settings as IssueSettings, firstEan, ecodeSeed }
}

const isFlag = (name: SettingName): boolean => typeof ISSUE_SETTINGS[name].otherwise?.value === 'boolean'

export function insertIssue(id: number, settings: IssueSettings): string {
  const values = COLUMN_SETTINGS.map((name) => literal(settings[name]))
  return `INSERT INTO issues (id, state, value_kind, ${COLUMN_SETTINGS.map((name) => SETTING_COLUMNS[name]).join(', ')})
   VALUES (${integer(id)},'draft',${valueKind(settings)},${values.join(',')})`
}

export const updateIssue = (id: number, settings: IssueSettings): string =>
  `UPDATE issues SET value_kind = ${valueKind(settings)}, ${COLUMN_SETTINGS.map(
    (name) => `${SETTING_COLUMNS[name]} = ${literal(settings[name])}`,
  ).join(', ')} WHERE id = ${integer(id)} AND state = 'draft'`

const valueKind = ({ nominal }: IssueSettings): string => text(nominal === null ? 'open' : 'nominal')

/** Checked scalars only: settings were read by `readIssue`. */
function literal(value: string | number | boolean | null): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return boolean(value)
  return typeof value === 'number' ? integer(value) : text(value)
}

export const deleteIssueStores = (id: number): string => `DELETE FROM issue_stores WHERE issue_id = ${integer(id)}`

/** Null where there is nothing to insert: everywhere. */
export function insertIssueStores(id: number, { soldIn, acceptedIn }: IssueSettings): string | null {
  const rows = [
    ...(soldIn ?? []).map((code) => `(${integer(id)},'sell',${text(code)})`),
    ...(acceptedIn ?? []).map((code) => `(${integer(id)},'accept',${text(code)})`),
  ]
  return rows.length === 0 ? null : `INSERT INTO issue_stores (issue_id, purpose, store_code) VALUES ${rows.join(',')}`
}

export const setGenerationGround = (
  id: number,
  { firstEan, ecodeSeed }: Pick<IssueRecord, 'firstEan' | 'ecodeSeed'>,
): string =>
  `UPDATE issues SET first_ean = ${integerOrNull(firstEan)},
   ecode_seed = ${ecodeSeed === null ? 'NULL' : binary(ecodeSeed.toString('hex'))} WHERE id = ${integer(id)}`

/** Null: nothing is left that its eCodes could be made from. */
export const setEcodeSeed = (id: number, seed: Buffer | null): string =>
  `UPDATE issues SET ecode_seed = ${seed === null ? 'NULL' : binary(seed.toString('hex'))} WHERE id = ${integer(id)}`

export const setIssueState = (id: number, state: IssueState): string =>
  `UPDATE issues SET state = ${text(state)} WHERE id = ${integer(id)}`

export const ISSUE_EVENTS = ['created', 'changed', 'generated', 'exported', 'proofed', 'activated', 'closed', 'limits_proposed', 'limits_approved', 'limits_refused'] as const // prettier-ignore

export type IssueEvent = {
  readonly id: number
  readonly issueId: number
  readonly event: (typeof ISSUE_EVENTS)[number]
  readonly who: string
  readonly note: string | null
}

export const insertIssueEvent = ({ id, issueId, event, who, note }: IssueEvent): string =>
  `INSERT INTO issue_events (id, issue_id, event, who, at, note) VALUES
   (${integer(id)},${integer(issueId)},${text(event)},${text(who)},UTC_TIMESTAMP(3),${literal(note?.slice(0, 500) ?? null)})`

export const selectIssueEvents = (issueId: number): string =>
  `SELECT at, who, event, note FROM issue_events WHERE issue_id = ${integer(issueId)} ORDER BY id`

export type IssueEventView = {
  readonly at: string
  readonly who: string
  readonly event: string
  readonly note: string | null
}

export function toIssueEventView(row: Row): IssueEventView {
  const [at, who, event, note] = row as [string, string, string, string | null]
  return { at, who, event, note }
}

/** State → how many of its cards are in it; reads every one of them. */
export const selectCardStates = (issueId: number): string =>
  `SELECT state, COUNT(*) FROM cards WHERE issue_id = ${integer(issueId)} GROUP BY state ORDER BY state`

export const selectLastIssueId = 'SELECT MAX(id) FROM issues'

/** The person who activated it last, and the person who authorised its sale. */
export const selectSaleMarks = (issueId: number): string =>
  `SELECT (SELECT who FROM issue_events WHERE issue_id = i.id AND event = 'activated' ORDER BY id DESC LIMIT 1),
   i.sale_authorised_by FROM issues i WHERE i.id = ${integer(issueId)}`

export type SaleMarks = { readonly activatedBy: string | null; readonly authorisedBy: string | null }

export function toSaleMarks(row: Row): SaleMarks {
  const [activatedBy, authorisedBy] = row as [string | null, string | null]
  return { activatedBy, authorisedBy }
}

export const setSaleAuthorised = (issueId: number, who: string): string =>
  `UPDATE issues SET sale_authorised_by = ${text(who)}, sale_authorised_at = UTC_TIMESTAMP(3) WHERE id = ${integer(issueId)}`

/** Locks out every other change of stores, accounts, terminals and issues until the end of this database transaction. */
export const nextRegistryVersion = 'UPDATE registry_version SET version = version + 1 WHERE id = 1'

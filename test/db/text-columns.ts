import { CSV_PRESETS } from '../../src/office/reports/csv.ts'
import { FORMATS } from '../../src/office/reports/files.ts'
import { REPORT_NAMES } from '../../src/office/reports/reports.ts'
import { PLACES, RHYTHMS } from '../../src/core/reports/rhythm.ts'
import { AGES_BY, MONTH_STATES } from '../../src/db/sql/month-ends.ts'
import { RUN_STATES } from '../../src/db/sql/report-schedules.ts'
import { readdirSync } from 'node:fs'
import { Value } from 'typebox/value'
import { ISSUE_SETTINGS, VOUCHER_KINDS } from '../../src/cards/issue-settings.ts'
import { ConfigSchema } from '../../src/config/schema.ts'
import { BEARERS } from '../../src/core/shortfall.ts'
import { CASE_REASONS } from '../../src/core/state.ts'
import { CHANNELS } from '../../src/core/channel.ts'
import { BLOCKS, CARD_STATES } from '../../src/core/card.ts'
import { CONTRA_ACCOUNTS } from '../../src/core/money.ts'
import { OPERATION_NAMES } from '../../src/core/operations.ts'
import { RESULTS } from '../../src/core/result.ts'
import { ROLES } from '../../src/core/role.ts'
import { TRANSACTION_STATES, UNDOERS } from '../../src/core/transaction.ts'
import { ROLE_CHANGE_STATES } from '../../src/db/sql/roles.ts'
import { FAILURE_LENGTH } from '../../src/db/sql/saf.ts'
import { HANDLE_KINDS } from '../../src/db/sql/session-handles.ts'
import { USER_STATES } from '../../src/db/sql/users.ts'
import { mustBeReason } from '../../src/cli/who.ts'
import { SEARCHES } from '../../src/menu/api/searches.ts'
import { EVENT_TYPES } from '../../src/office/shop-event.ts'
import { ECARDS } from '../../src/menu/api/ecards.ts'
import { ISSUES } from '../../src/menu/api/issues.ts'
import { USERS } from '../../src/menu/api/session.ts'
import { CASES } from '../../src/menu/api/transactions.ts'
import { Reason } from '../../src/menu/api/values.ts'
import { SCOPES } from '../../src/office/api-key.ts'
import { PROPOSAL_KINDS } from '../../src/office/proposals.ts'
import { REFUSALS } from '../../src/office/refusal.ts'
import { keptRights } from '../../src/office/person.ts'
import { canReachOwn, RIGHT_NAMES } from '../../src/office/rights-table.ts'
import { NEW } from '../../src/office/registry-settings.ts'
import { API_KEY_LENGTHS, SHOP_CODE } from '../../src/office/shops.ts'
import { NETWORKS_LENGTH } from '../../src/office/networks.ts'
import { LOGIN } from '../../src/office/users.ts'
import { OrderId } from '../../src/web/schema.ts'

/**
 * Every text column of the schema, the bound of its texts, and the longest such text. If a rule in the code decides, it
 * is called; if the code makes the text, the number is the length of what it makes. Columns with a list of words in
 * their CHECK need no row.
 */

/** The bound, the longest text, and the columns that such a text goes into. */
export type TextSource = readonly [source: string, longest: number, columns: string]

const ASK_UP_TO = 600

/** The longest text of one character that a rule takes. */
function taken(rule: (text: string) => boolean, character = 'a'): number {
  for (let length = ASK_UP_TO; length > 0; length--) if (rule(character.repeat(length))) return length
  return 0
}

const reads = (setting: { readonly read: (text: string) => object | null }, character = 'a'): number =>
  taken((text) => 'value' in (setting.read(text) ?? {}), character)

function isReason(text: string): boolean {
  try {
    return mustBeReason(text)
  } catch {
    return false
  }
}

/** maxLength of a schema of AkartMenu or AkartWeb: what is longer is refused with 400. */
const schema = (of: object): number => (of as { readonly maxLength?: number }).maxLength ?? Infinity
const members = (of: object): { readonly [name: string]: object } =>
  (of as { readonly properties: { readonly [name: string]: object } }).properties

const words = (all: readonly string[]): number => Math.max(...all.map(({ length }) => length))
const uuid = 36
const sha256 = { hex: 64, bytes: 32 }
const gcm = { nonce: 12, tag: 16 }
/** AKART, web, job and shop names beside logins: all shorter. */
const person = taken((text) => LOGIN.test(text))
const listOf = (count: number, each: number): number => count * (each + 1) - 1

const Search = members(SEARCHES['searches.save'].body)
const User = members(USERS['users.invite'].body)
const Journal = members(CASES['journals.upload'].body)
const upstream = taken((text) => Value.Check(ConfigSchema.properties.upstreams.items.properties.name, text))
const listener = taken((text) => Value.Check(ConfigSchema.properties.listeners.items.properties.name, text))
/** Lines of a listener, frames of a line, ids of rows: 16 digits at most, since they are safe integers. */
const count = 16
const ADDRESS = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'.length
/** As JSON writes a sum of a currency. */
const sum = '{"currency":985,"value":-9007199254740991}'.length
const operation = words(OPERATION_NAMES)

const EVERY_RIGHT = keptRights(RIGHT_NAMES.map((right) => ({ right, reach: canReachOwn(right) ? 'own' : 'all' })))

// prettier-ignore
export const TEXT_COLUMNS: readonly TextSource[] = [
  ['AKART or the address of who is not signed in; else a login', Math.max(person, ADDRESS), 'card_events.who'],
  ['LOGIN, or the name of a shop or a job', person,
    `adjustments.asked_by adjustments.decided_by alerts_seen.login api_keys.created_by audit.who bulks.by_login cases.closed_by
     ecards.proposed_by ecards.decided_by exports.who maker_keys.proposed_by maker_keys.decided_by role_changes.by_login role_changes.decided_by grants.by_login grants.decided_by grants.login issues.sale_authorised_by issue_events.who jobs.who journals.by_login
     archives.written_by key_changes.who key_import_components.who key_requests.who kiosks.added_by find_misses.login employee_links.who counterparty_payments.approved_by counterparty_payments.entered_by credit_limits.asked_by credit_limits.approved_by settlements.proposed_by settlements.closed_by report_inputs.who report_schedules.made_by welfare_batches.prepared_by
     welfare_batches.proposed_by welfare_batches.decided_by welfare_recalls.proposed_by welfare_recalls.decided_by limit_proposals.decided_by limit_proposals.proposed_by list_exports.login packs.activated_by packs.authorised_by
     packs.made_by packs.sale_approved_by packs.sale_asked_by pack_events.who proposals.by_login proposals.decided_by
     recovery_codes.login registry_changes.who saved_searches.login search_transactions.who sessions.login settings.who shops.created_by
     sign_in_tries.login staged_batches.who transactions.who users.login user_history.login user_history.who user_maps.login`],
  ['DE42: NEW.store in registry-settings.ts', reads(NEW.store.store),
    `audit.store_code cards.block_store day_ends.store_code issue_stores.store_code journals.store_code journal_mappings.store_code
     packs.store_code registry_changes.store_code search_transactions.store_code shops.store_code stores.code
     store_certificates.store_code terminals.store_code transactions.for_store report_activity.store_code report_declines.store_code report_till_acts.store_code archived_activity.store_code archived_declines.store_code
     report_balances.sold_in report_sales.sold_in report_cohorts.sold_in report_month_balances.sold_in report_month_cards.sold_in report_month_sums.sold_in report_card_days.sold_in report_card_days.was_sold_in report_matrix.origin report_matrix.spent_in archived_balances.sold_in archived_cards.sold_in archived_cohorts.sold_in archived_spent.spent_in settlement_stores.store_code settlement_lines.store_code settlement_matrix.spent_in report_schedules.store_code kiosks.store_code transactions.store_code`],
  ["DE41: NEW.terminal in registry-settings.ts; a shop's code is one too", Math.max(reads(NEW.terminal.terminal), taken((text) => SHOP_CODE.test(text), 'A')),
    `api_keys.shop_code day_ends.terminal_code key_changes.terminal_code key_exchanges.terminal_code registry_changes.terminal_code
     search_transactions.terminal_code shops.code shop_counts.shop_code terminals.code terminal_certificates.terminal_code
     kiosks.code kiosk_cookies.kiosk_code shop_events.shop_code webhook_endpoints.shop_code report_declines.terminal_code report_till_acts.terminal_code archived_declines.terminal_code terminal_day_counts.terminal_code terminal_keys.terminal_code key_imports.terminal_code key_import_components.terminal_code key_requests.terminal_code
     transactions.terminal_code web_requests.shop web_sales.shop_code`],
  ["a person's reason: Reason, mustBeReason", Math.max(schema(Reason), taken(isReason)),
    `adjustments.reason bulks.reason card_events.reason cases.note exports.reason maker_keys.reason grants.reason role_changes.reason limit_proposals.reason welfare_batches.reason welfare_batches.decision welfare_recalls.reason
     pack_events.reason proposals.reason`],
  ["a store's owner, a counterparty or an upstream", Math.max(reads(NEW.store.store), upstream, 15), 'accounts.owner settlement_matrix.origin archived_spent.origin'],
  ['YYYY-MM', 7, 'archives.month archived_cohorts.cohort'],
  ['SHA-256', sha256.bytes, 'archives.sha256 ecards.email_digest'],
  ['CONTRA_ACCOUNTS, and the kinds that are made beside them', Math.max(words(CONTRA_ACCOUNTS), 'upstream_settlement'.length), 'accounts.kind'],
  ['names of upstreams: config/upstreams.ts', upstream, 'owed.upstream owed.waiting_for routed.upstream upstream_queues.upstream'],
  ["names of stores, terminals' stores and issues", Math.max(reads(NEW.store.name), reads(ISSUE_SETTINGS.name)), 'issues.name stores.name'],
  ['--name of counterparty and shop: 100 characters', 100, 'counterparties.name shops.name'],
  ["a counterparty's code: 15 capitals and digits", 15, 'counterparties.code counterparty_payments.counterparty_code credit_limits.counterparty_code ecards.buyer_code payment_entries.counterparty_code employees.employer_code employers.counterparty_code packs.counterparty_code welfare_batches.employer_code welfare_recalls.employer_code'],
  ["USERS['users.invite']", schema(User['name'] ?? {}), 'users.name'],
  ['the same', 200, 'alert_recipients.address users.email'],
  ['time zones: registry-settings.ts, config/schema.ts', Math.max(reads(NEW.store['time-zone'], 'a'), taken((text) => Value.Check(ConfigSchema.properties.timeZone, text))), 'installation.time_zone stores.time_zone'],
  ['an Argon2id hash as PHC text', '$argon2id$v=19$m=4294967295,t=4294967295,p=255$'.length + 22 + 1 + 43, 'users.password'],
  ["12 roles of 40: USERS['users.invite'].roles", listOf(12, 40), 'grants.roles users.roles user_history.roles'],
  ["500 stores of DE42: USERS['users.invite'].stores", listOf(500, reads(NEW.store.store)), 'grants.stores users.stores user_history.stores'],
  ['USER_STATES', words(USER_STATES), 'user_history.state'],
  ["USERS['roles.make'].code", 40, 'roles.code role_changes.code saved_searches.shared_with'],
  ["USERS['roles.make'].name", 100, 'roles.name role_changes.name'],
  ['every right at once, in own stores where it can be', EVERY_RIGHT.join().length, 'roles.rights role_changes.rights'],
  ['ROLE_CHANGE_STATES', words(ROLE_CHANGE_STATES), 'role_changes.state'],
  ['a secret of codes of 32 letters, sealed', gcm.nonce + 32 + gcm.tag, 'sessions.enrolling users.totp'],
  ['an address', ADDRESS, 'sessions.address sign_in_tries.address'],
  ["a terminal's code or an address", Math.max(reads(NEW.terminal.terminal), ADDRESS), 'card_lookups.source card_tries.source'],
  ['cut in office/sessions.ts', 200, 'sessions.user_agent'],
  ['HANDLE_KINDS', words(HANDLE_KINDS), 'session_handles.kind'],
  ['h_ and 16 bytes in base64url', 2 + 22, 'session_handles.handle'],
  ['a number of 19 digits, masked', 19, 'routed.card session_handles.shown'],
  ['names of alerts in office/alerts.ts', 'users_from_command_line'.length, 'alerts.kind'],
  ["a server's name (255 at most) and port", 255 + 1 + 5, 'database_writer.node'],
  ['a login', person, 'alerts.subject'],
  ['kind and subject', 30 + 1 + 64, 'alerts.open_for'],
  ['API_KEY_LENGTHS', API_KEY_LENGTHS.name, 'api_keys.name'],
  ['networksObjection in office/networks.ts', NETWORKS_LENGTH, 'api_keys.networks kiosks.networks'],
  ['API_KEY_LENGTHS', API_KEY_LENGTHS.origins, 'api_keys.origins'],
  ['all scopes', listOf(SCOPES.length, words(SCOPES)), 'api_keys.scopes'],
  ['the end of a key', 4, 'api_keys.ending'],
  ['a right or a verb on a noun; the longest is a change of keys or a right', Math.max(words(RIGHT_NAMES), 'terminals.keys.exchanged'.length), 'audit.action'],
  ['CHANNELS', words(CHANNELS), 'search_transactions.channel report_activity.channel archived_activity.channel staged_batches.channel terminals.channel transactions.channel'],
  ['checked in sql/audit.ts before the row is written', 4_000, 'audit.details'],
  ['a code or the id of a row: what is named is itself bounded', Math.max(person, count, reads(NEW.store.store), 20), 'audit.object_id'],
  ['words of the code', 'master key'.length, 'audit.object_kind'],
  ['done, or the code of a refusal', words(Object.keys(REFUSALS)), 'audit.outcome bulk_cards.result journal_rows.result'],
  ["names of migrations' backfills", 20, 'backfills.name'],
  ['CARD_STATES', words(CARD_STATES), 'report_card_states.state report_card_moves.state'],
  ['BLOCKS', words(BLOCKS), 'bulks.block bulk_cards.block_before report_card_states.block report_card_moves.block'],
  ['a sum for each currency that has cards in a choice, 20 at most', 20 * (sum + 1) + 2, 'bulks.money list_exports.sums'],
  ['the reasons in AGAINST of office/bulks.ts, in both languages', 8 * 220, 'bulks.skipped'],
  ['digits of cards', 4, 'cards.expiry cards.last_four journal_rows.last_four'],
  ['digits of cards', 6, 'cards.first_six'],
  ['a day, a block or a version', Math.max(words(BLOCKS), '2027-12-31'.length), 'card_events.detail'],
  ['cut in messages/to-request.ts', 100, 'cases.came'],
  ['CASE_REASONS', words(CASE_REASONS), 'cases.claim cases.reason'],
  ['words of the core', 'reversed_by_terminal'.length, 'cases.resolution'],
  ['BEARERS', words(BEARERS), 'cases.borne_by'],
  ['a UUID, or that of a boot', uuid, 'clock_offsets.boot job_slices.owner webhook_endpoints.owner upstream_queues.owner'],
  ['cut in maker-files.ts; a fingerprint is shorter', 100, 'exports.encrypted_to maker_keys.recipient'],
  ["ISSUES['makers.key']", schema(members(ISSUES['makers.key'].body)['publicKey'] ?? {}), 'maker_keys.public_key'],
  ['NAME_MAX of Linux: the file has to be made', 255, 'exports.file_name'],
  ["a maker's name: maker-layouts.ts", 40, 'exports.maker maker_keys.maker maker_keys.open_for'],
  ['SHA-256 in hex', sha256.hex, 'exports.sha256 report_runs.sha256 journals.sha256 list_exports.sha256 migration_progress.sha256 settlements.digest'],
  ['names of series of ids', 'key_change'.length, 'id_blocks.name'],
  ['a check value', 6, 'installation.card_key number_keys.check_value terminal_keys.master key_import_components.master'],
  ['ISSUE_SETTINGS.code', reads(ISSUE_SETTINGS.code, 'A'), 'issues.code'],
  ['ISSUE_SETTINGS.eanPrefix', reads(ISSUE_SETTINGS.eanPrefix, '1'), 'issues.ean_prefix'],
  ['ISSUE_SETTINGS.prefix', reads(ISSUE_SETTINGS.prefix, '1'), 'issues.prefix number_spaces.prefix'],
  ['cut in sql/issues.ts', 500, 'issue_events.note'],
  ['kinds of jobs', 'generate'.length, 'jobs.kind'],
  ['kind and number', 'generate'.length + 1 + count, 'jobs.open_for'],
  ['two numbers as JSON', '{"firstPlace":,"firstId":}'.length + 2 * count, 'jobs.parameters'],
  ['cut in sql/jobs.ts', 500, 'jobs.trouble'],
  ['names of jobs with slices', 'confirm_timer'.length, 'job_slices.job'],
  ["CASES['journals.upload']", schema(Journal['fileName'] ?? {}), 'journals.file_name'],
  ["six meanings, each a column's name of 100", 6 * ('"lastFour":"",'.length + 2 * 100) + 2, 'journal_mappings.mapping'],
  ['cut in office/journal-reading.ts', 40, 'journal_rows.said_at'],
  ['cut in office/journal-reading.ts', 8, 'journal_rows.terminal'],
  ['check values: triple DES 6, AES 10 digits', 10, 'key_changes.check_value key_imports.check_value key_import_components.check_value terminal_keys.check_value'],
  ['cut in office/key-import.ts; the others are shorter', 80, 'key_changes.note'],
  ['what weakens a terminal', 'remove kbpk'.length, 'key_requests.act'],
  ['purposes of keys', 'session'.length, 'key_changes.purpose key_import_components.purpose key_imports.purpose'],
  ['a key of 32 bytes, wrapped', gcm.nonce + 32 + gcm.tag, 'terminal_keys.wrapped key_import_components.wrapped'],
  ['a key id and a number of 19 digits, sealed', 1 + gcm.nonce + 19 + gcm.tag, 'cards.number_sealed'],
  ['names of files in sql/', words(readdirSync(new URL('../../../sql', import.meta.url))), 'knex_migrations.name migration_progress.name'],
  ['a file of EXPORT_MOST rows: LONGBLOB has 4 GiB', 2 ** 31, 'list_exports.content'],
  ['a part of some MB: LONGBLOB has 4 GiB', 2 ** 31, 'list_export_parts.content'],
  ['a query of 2,000 characters, resolved to ids and hashes: MEDIUMTEXT has 16 MiB', 2 ** 20, 'list_exports.wish'],
  ['akart-LIST-TIME.xlsx', 'akart-transactions-2026-11-29T191500.xlsx'.length, 'list_exports.file_name'],
  ['names of lists', 'transactions'.length, 'list_exports.list saved_searches.list'],
  ['FAILURE_LENGTH', FAILURE_LENGTH, 'owed.last_failure'],
  ['cut in office/pack-making.ts', 900 + ' ... in 10000000 ranges'.length, 'pack_events.detail'],
  ['PROPOSAL_KINDS', words(PROPOSAL_KINDS), 'proposals.kind'],
  ['a wish as JSON: amounts, words and a day, no lists', 500, 'proposals.wish'],
  ['cut in sql/registry-changes.ts', 500, 'registry_changes.detail'],
  ['DE39', 2, 'routed.host_code routed.late_code'],
  ['DE37', 12, 'routed.host_reference search_transactions.rrn transactions.rrn'],
  ["40 columns of 30 letters: SEARCHES['searches.save']", listOf(40, 30), 'saved_searches.columns'],
  ["SEARCHES['searches.save']", schema(Search['name'] ?? {}), 'saved_searches.name'],
  ["SEARCHES['searches.save']", schema(Search['query'] ?? {}), 'saved_searches.query'],
  ["ECARDS['ecards.sell']", schema(members(ECARDS['ecards.sell'].body)['email'] ?? {}), 'ecards.email'],
  ['cut in sql/ecards.ts', 200, 'ecards.problem'],
  ['DE22', 3, 'search_transactions.entry_mode transactions.entry_mode'],
  ['OPERATION_NAMES', operation, 'search_transactions.operation report_activity.operation report_balances.operation report_month_balances.operation report_cohorts.operation archived_activity.operation archived_balances.operation archived_cohorts.operation staged_batches.operation transactions.operation web_requests.operation'],
  ['RESULTS', words(RESULTS), 'report_declines.reason archived_declines.reason search_transactions.result transactions.result'],
  ['ROLES', words(ROLES), 'search_transactions.role transactions.role'],
  ['TRANSACTION_STATES', words(TRANSACTION_STATES), 'search_transactions.state'],
  ['UNDOERS', words(UNDOERS), 'search_transactions.undone_by transactions.undone_by'],
  ['names of settings', 40, 'settings.name'],
  ['a subject of a certificate: LONGEST_SUBJECT in office/certificates.ts', 255, 'store_certificates.name terminal_certificates.name'],
  ['DE38', 6, 'transactions.approval_code'],
  ['DE3', 6, 'transactions.processing_code'],
  ['DE12 and DE13', 10, 'transactions.local_time'],
  ['a listener and the number of a line', listener + 1 + 10, 'transactions.line'],
  ['the same and the number of a frame', listener + 1 + 10 + 1 + 10, 'transactions.trace'],
  ['1,024 requests of a batch with their originals', listOf(2 * 1_024, count), 'unfolded.settled unfolded.touched'],
  ['KeptRequest as JSON: shop, operation, path, order, what it was about', 1_500, 'web_requests.data'],
  ['OrderId', schema(OrderId), 'web_requests.order_id'],
  ['LENGTHS in office/welfare/parse-row.ts, and the import of employees: 40', 40, 'employees.number welfare_rows.number welfare_rows.fund welfare_rows.used_shown welfare_rows.amount_shown'],
  ['the same: 100', 100, 'employees.name welfare_rows.name'],
  ['the same: 254, and the command of employers', 254, 'employees.email employers.email'],
  ['the same: 200', 200, 'welfare_rows.note welfare_batches.file_name'],
  ['cut in office/welfare/parse-row.ts', 25, 'welfare_rows.card_shown'],
  ['the note of an employer, checked by its command', 300, 'employers.legal_note'],
  ['codes of warnings of a list, joined', 500, 'welfare_batches.accepted'],
  ['how a list was read, as JSON: eight columns, a separator, a character set', 500, 'welfare_batches.read_as'],
  ['codes of findings, and columns of a list', 20, 'welfare_findings.code welfare_findings.field'],
  ['cut in office/welfare/check-rows.ts', 100, 'welfare_findings.value'],
  ['left out where longer: office/welfare/stored-findings.ts', 300, 'welfare_findings.details'],
  ['a reference of a payment, as its command takes it', 35, 'counterparty_payments.reference payment_entries.reference payment_entries.held_reference'],
  ['a note about a payment: office/counterparty/payments.ts', 200, 'counterparty_payments.note payment_entries.note'],
  ['schedules of reports: office/reports/schedules.ts', 60, 'report_schedules.name'],
  ['REPORT_NAMES', words(REPORT_NAMES), 'report_schedules.report'],
  ['day, month', 5, 'report_spans.span report_matrix.span report_cohorts.span report_till_acts.span'],
  ['YYYY-MM', 7, 'report_cohorts.cohort'],
  ['MONTH_STATES', words(MONTH_STATES), 'report_months.state'],
  ['AGES_BY', words(AGES_BY), 'report_month_sums.age_by'],
  ['VOUCHER_KINDS', words(VOUCHER_KINDS), 'issues.voucher_kind'],
  ['two digits and two decimals', 5, 'issues.vat_rate'],
  ['codes by commas: office/reports/schedules.ts', 2_000, 'report_schedules.stores report_schedules.issues'],
  ['RHYTHMS', words(RHYTHMS), 'report_schedules.rhythm'],
  ['HH:MM', 5, 'report_schedules.at_time'],
  ['FORMATS', words(FORMATS), 'report_schedules.format'],
  ['CSV_PRESETS', words(CSV_PRESETS), 'report_schedules.preset'],
  ['en, pl', 2, 'report_schedules.language'],
  ['PLACES', words(PLACES), 'report_schedules.place'],
  ['an address (64 and 130 characters and @), or the name of a directory', 195, 'report_schedules.target'],
  ['active, removed; RUN_STATES', Math.max('removed'.length, words(RUN_STATES)), 'report_schedules.state report_runs.state'],
  ['REPORT_NAMES, two days, an id and an extension', words(REPORT_NAMES) + 2 * 11 + 1 + count + 5, 'report_runs.file'],
  ['cut in db/sql/report-schedules.ts', 500, 'report_runs.trouble report_runs.trouble_pl'],
  ['names and values of inputs of reports: words of the code, numbers', 20, 'report_inputs.name report_inputs.value'],
  ['EVENT_TYPES', words(EVENT_TYPES), 'shop_events.type'],
  ['all event types', listOf(EVENT_TYPES.length, words(EVENT_TYPES)), 'webhook_endpoints.events'],
  ['what an event is about, as JSON: numbers and words of the API', 1_500, 'shop_events.data'],
  ['a URL: its schema in web/api/webhooks.ts', 500, 'webhook_endpoints.url'],
  ['words of office/webhook-sending.ts', 40, 'webhook_deliveries.fault'],
  ['SHA-256, and random bytes', 32,
    `api_keys.digest audit_chain.hash grants.code grants.token issues.ecode_seed recovery_codes.digest sessions.token
     shop_counts.key_digest transactions.key_digest web_sales.key_digest kiosks.enrol_digest kiosk_cookies.digest welfare_batches.sha256 welfare_batches.live_sha256 welfare_batches.first_sha256 web_sales.seed`],
  ['half of SHA-256', 16,
    `cards.barcode_hash cards.ecode_hash cards.number_hash dukpt_uses.request session_handles.hash webhook_endpoints.salt webhook_endpoints.old_salt session_handles.other_hash
     transactions.content transactions.echo_digest`],
  ['a KSN without its counter', 8, 'dukpt_uses.device'],
]

import type { Connection, RowDataPacket } from 'mysql2/promise'
import { openConnection, type Access } from '../../src/db/access.ts'

type Event = 'INSERT' | 'UPDATE' | 'DELETE'
/** The rows that count: an SQL condition over NEW, or OLD for a deletion; default: all. */
type Watched = { readonly [event in Event]?: string }

const ANY: Watched = { INSERT: 'TRUE', UPDATE: 'TRUE', DELETE: 'TRUE' }
const ADDED: Watched = { INSERT: 'TRUE' }

/** Tables that only a recorded person changes. */
const WATCHED: Readonly<Record<string, Watched>> = {
  // Acts of people on cards and money. A row that follows from an act has the act's audit row.
  transactions: {
    INSERT:
      "NEW.channel IN ('menu', 'cli') AND NEW.state <> 'declined' AND NEW.terminal_code NOT IN ('DEMO', 'STAGED', 'FOLLOW')",
  },
  cases: { UPDATE: 'OLD.closed_by IS NULL AND NEW.closed_by IS NOT NULL' },
  adjustments: ANY,
  proposals: ANY,
  bulks: { INSERT: "NEW.state <> 'previewed'", UPDATE: "NEW.state IN ('proposed', 'running', 'undoing', 'refused')" },
  journals: ADDED,
  // Registry. An end of day opens a terminal's business day.
  stores: ANY,
  terminals: { INSERT: 'TRUE', UPDATE: 'NEW.business_date <=> OLD.business_date', DELETE: 'TRUE' },
  store_certificates: ANY,
  terminal_certificates: ANY,
  terminal_keys: ANY,
  key_changes: ANY,
  key_imports: ADDED,
  key_import_components: ADDED,
  key_requests: ADDED,
  counterparties: ANY,
  shops: ANY,
  api_keys: ANY,
  settings: ANY,
  report_inputs: ANY,
  // Its lots are counted as they go; their end is on record again.
  archives: ADDED,
  // A run that has become due moves on when it is due next.
  report_schedules: { INSERT: 'TRUE', UPDATE: 'NOT NEW.state <=> OLD.state', DELETE: 'TRUE' },
  counterparty_payments: ANY,
  payment_entries: ANY,
  credit_limits: ANY,
  settlements: ANY,
  settlement_stores: ANY,
  settlement_lines: ANY,
  settlement_matrix: ANY,
  alert_recipients: ANY,
  // The sender reports on it whether it failed or works again.
  webhook_endpoints: {
    INSERT: 'TRUE',
    UPDATE:
      "NOT (NEW.url <=> OLD.url AND NEW.events <=> OLD.events AND NEW.salt <=> OLD.salt) OR (OLD.state = 'disabled' AND NEW.state <> 'disabled')",
    DELETE: 'TRUE',
  },
  kiosks: { INSERT: 'TRUE', DELETE: 'TRUE' },
  employers: ANY,
  // A list is somebody's act once it has been read. A job books.
  welfare_batches: {
    INSERT: "NEW.state <> 'reading'",
    UPDATE: "NOT NEW.state <=> OLD.state AND NEW.state IN ('checked', 'proposed', 'approved', 'refused', 'withdrawn')",
  },
  welfare_recalls: ADDED,
  // Issues and packs. A job says how far it is.
  issues: ANY,
  issue_stores: ANY,
  issue_events: ANY,
  limit_proposals: ANY,
  limit_values: ANY,
  packs: ANY,
  pack_events: ANY,
  exports: ADDED,
  maker_keys: ANY,
  // A job says how far a mail is, and that it is there or given up.
  ecards: {
    INSERT: 'TRUE',
    UPDATE: 'NOT NEW.state <=> OLD.state OR NOT NEW.email <=> OLD.email OR NOT NEW.mails <=> OLD.mails',
  },
  list_exports: ADDED,
  number_keys: ANY,
  // People. Signing in writes when it was, and when a person was seen.
  users: {
    INSERT: 'TRUE',
    UPDATE:
      'NOT (NEW.state <=> OLD.state AND NEW.roles <=> OLD.roles AND NEW.stores <=> OLD.stores AND NEW.password <=> OLD.password AND NEW.totp <=> OLD.totp)',
    DELETE: 'TRUE',
  },
  roles: ANY,
  role_changes: { INSERT: 'TRUE', UPDATE: 'NOT NEW.state <=> OLD.state' },
  user_history: ANY,
  grants: { INSERT: 'TRUE', UPDATE: 'NOT NEW.state <=> OLD.state' },
  recovery_codes: ADDED,
  user_maps: ANY,
}

/** All other tables, with the reason why their changes need no audit row. */
const UNWATCHED: Readonly<Record<string, readonly string[]>> = {
  'what the engine writes for terminals and web shops: its rows say themselves who asked': [
    'cards', 'card_events', 'card_tries', 'card_lookups', 'terminal_day_counts', 'day_ends', 'routed', 'owed',
    'database_writer', 'unfolded', 'web_requests', 'web_sales', 'shop_counts', 'staged_batches', 'staged_loads', 'key_exchanges',
    'dukpt_uses',
  ],
  'made from rows that are on record': [
    'list_export_parts', 'report_runs',
    'search_transactions', 'report_activity', 'report_balances', 'report_declines', 'report_days', 'report_sales',
    'report_spans', 'report_matrix', 'report_cohorts', 'report_till_acts', 'report_month_balances', 'report_months',
    'report_month_cards', 'report_month_sums', 'report_day_ends', 'report_card_days', 'report_card_states', 'report_card_moves',
    'report_card_counts', 'archived_cards', 'archived_moves', 'archived_waits', 'archived_activity',
    'archived_balances', 'archived_declines', 'archived_days', 'archived_spent', 'archived_cohorts', 'archived_loads',
    'registry_changes', 'bulk_cards', 'journal_rows', 'shop_events', 'webhook_deliveries', 'employees', 'employee_links',
    'welfare_rows', 'welfare_findings', 'welfare_recall_rows',
  ],
  'one person\'s own convenience': ['saved_searches', 'alerts_seen', 'journal_mappings'],
  'sessions: signing in and out has audit rows of its own': [
    'sessions', 'session_handles', 'session_cards', 'sign_in_tries', 'kiosk_cookies',
  ],
  'machinery': [
    'installation', 'id_blocks', 'accounts', 'registry_version', 'job_slices', 'upstream_queues', 'number_spaces',
    'jobs', 'find_misses', 'backfills', 'demo_rounds', 'alerts', 'clock_offsets', 'audit_unchained', 'audit_chain', 'migration_progress', 'settlement_seen', 'settlement_numbers', 'knex_migrations', 'knex_migrations_lock',
  ],
} // prettier-ignore

/** Tables that are in neither list. */
export async function tablesUnsaid(access: Access): Promise<string[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [tables] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
  )
  await connection.end()
  const said = new Set([...Object.keys(WATCHED), ...Object.values(UNWATCHED).flat(), 'audit'])
  return tables.map(({ name }) => String(name)).filter((name) => !said.has(name))
}

export type AuditWatch = {
  /** Transactions of the database that wrote to a watched table and left no audit row: the tables of each. */
  readonly unaudited: () => Promise<string[]>
  /** Writes of this connection are the test's own. */
  readonly leaveOut: (connection: Connection) => Promise<unknown>
}

/** MySQL does not tell a trigger which transaction it runs in: there nothing is observed. */
export async function canWatch(access: Access): Promise<boolean> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version')
    return String(rows[0]?.['version']).includes('MariaDB')
  } finally {
    await connection.end()
  }
}

/** From now on triggers observe every database transaction by its writes. */
export async function watchAudit(access: Access): Promise<AuditWatch> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    // Versioned by transactions: `trx` is the id of the one that wrote the row.
    await connection.query(`CREATE TABLE written (what VARCHAR(64) NOT NULL,
      trx BIGINT UNSIGNED GENERATED ALWAYS AS ROW START INVISIBLE, gone BIGINT UNSIGNED GENERATED ALWAYS AS ROW END INVISIBLE,
      PERIOD FOR SYSTEM_TIME (trx, gone)) ENGINE=InnoDB WITH SYSTEM VERSIONING`)
    for (const [table, events] of Object.entries({ ...WATCHED, audit: ADDED })) {
      for (const [event, counts] of Object.entries(events)) {
        await connection.query(`CREATE TRIGGER watch_${table}_${event.toLowerCase()} AFTER ${event} ON ${table} FOR EACH ROW
          IF @left_out IS NULL AND (${counts}) THEN INSERT INTO written (what) VALUES ('${table}'); END IF`)
      }
    }
  } finally {
    await connection.end()
  }

  const asked = async (sql: string): Promise<string[]> => {
    const asking = await openConnection(access, { multipleStatements: false })
    try {
      const [rows] = await asking.query<RowDataPacket[]>(sql)
      return rows.map(({ what }) => String(what))
    } finally {
      await asking.end()
    }
  }
  return {
    unaudited: () =>
      asked(`SELECT GROUP_CONCAT(DISTINCT what ORDER BY what) AS what FROM written GROUP BY trx
             HAVING SUM(what = 'audit') = 0 ORDER BY MIN(trx)`),
    leaveOut: (one) => one.query('SET @left_out = 1'),
  }
}

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/**
 * Fails the test file of `t` if a database transaction changed a watched table and left no audit row.
 *
 * @param own connections by which the test itself prepares its data
 */
export async function everyChangeIsAudited(t: Teardown, access: Access, ...own: readonly Connection[]): Promise<void> {
  if (!(await canWatch(access))) return
  const watch = await watchAudit(access)
  for (const connection of own) await watch.leaveOut(connection)
  t.teardown(async () => {
    const unaudited = await watch.unaudited()
    if (unaudited.length === 0) return
    // Not thrown, so that the other teardowns still run.
    console.error(`changed without an audit row: ${unaudited.join(' · ')}`)
    process.exitCode = 1
  })
}

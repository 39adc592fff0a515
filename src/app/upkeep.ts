/**
 * Starts the jobs that maintain derived data beside running traffic: search rows, report sums, the audit chain, staged
 * loads.
 */

import { Gauge, type Registry } from 'prom-client'
import type { CardKeys } from '../cards/keys.ts'
import type { Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import type { Access } from '../db/access.ts'
import type { Head } from '../db/audit-chain.ts'
import type { Fold } from '../db/folding.ts'
import { REPORT_SUMS } from '../db/reports/folding.ts'
import { SEARCH_ROWS } from '../db/search-rows.ts'
import { WAITING } from '../db/sql/ages.ts'
import type { Traffic } from '../engine/traffic.ts'
import { watchAges } from '../jobs/ages.ts'
import { startAuditChain } from '../jobs/audit-chain.ts'
import { startFolding } from '../jobs/folding.ts'
import { sweepStagedLoads } from '../jobs/staged-loads.ts'
import type { Log } from '../log.ts'
import { raiseAlert } from '../office/alerts.ts'
import type { AuditAnchor } from '../office/audit-verification.ts'
import { idsOrThrow } from '../office/open-office.ts'

export type UpkeepParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  /** The load of the engine, to which work on cards yields. */
  readonly traffic: Traffic | null
  readonly nextId: () => number | null
  readonly keys: () => CardKeys
  /** Keeps the head of the audit's chain outside the database. */
  readonly anchorAudit: (head: Head) => Promise<void>
  readonly readAuditAnchor: () => Promise<AuditAnchor | null>
  readonly now: () => number
  /** Records that are derived from transactions, beside the search rows. */
  readonly folds: readonly Fold[]
  readonly metrics: Registry
  readonly log: Log
  readonly trouble: (what: string) => (error: unknown) => void
}

/**
 * Starts the work that derives records from transactions and audit rows beside running traffic: search rows, the audit
 * chain, booked loads.
 */
export function startUpkeep(parts: UpkeepParts): { readonly stop: () => Promise<void> } {
  const { access, nextId, keys, anchorAudit, readAuditAnchor, log, trouble } = parts
  const gauges = ageGauges(parts.metrics)
  const jobs = [
    startFolding({
      access,
      folds: [SEARCH_ROWS, REPORT_SUMS, ...parts.folds],
      trouble: trouble('projections could not be updated'),
    }),
    sweepStagedLoads({ ...parts, trouble: trouble('booked loads could not be applied') }),
    startAuditChain({
      access,
      key: () => keys().audit,
      seen: async () => (await readAuditAnchor())?.head ?? null,
      async grown(head) {
        await anchorAudit(head)
        log.info('the chain of the audit has grown', head)
      },
      async cut(seen, connection) {
        log.error('the chain of the audit was cut: akart audit verify; after a restore: akart database restored', seen)
        await raiseAlert(connection, { nextId: idsOrThrow(nextId) }, 'audit_cut', String(seen.seq), parts.now())
      },
      trouble: trouble('the audit could not be chained'),
    }),
    watchAges({
      access,
      seen: ({ name }, seconds) => gauges.get(name)?.set(seconds),
      alert: ({ name, alertSeconds }, seconds) => log.warn('a backlog is too old', { name, seconds, alertSeconds }),
      trouble: trouble('backlogs could not be read'),
    }),
  ]
  return {
    stop: async () => {
      await Promise.all(jobs.map((job) => job.stop()))
    },
  }
}

/** The age of the oldest waiting row of each queue, by its name. */
export const ageGauges = (registry: Registry): ReadonlyMap<string, Gauge> =>
  new Map(
    WAITING.map(({ name, help }) => [
      name,
      new Gauge({ name: `akart_${name}_lag_seconds`, help, registers: [registry] }),
    ]),
  )

import { openDatabase } from '../db/database.ts'
import { bulkJobs } from '../jobs/bulk.ts'
import { generation } from '../jobs/generation.ts'
import { listExports } from '../jobs/list-export.ts'
import { startReportFigures } from '../jobs/report-figures.ts'
import { scheduledReports, startReportSchedules } from '../jobs/scheduled-reports.ts'
import { startJobRunner } from '../jobs/runner.ts'
import { GENERATION } from '../office/generation-order.ts'
import type { Office } from '../office/office.ts'
import { idsOrThrow } from '../office/open-office.ts'
import { shopEvents } from '../office/shop-event-fold.ts'
import { openWebOffice } from '../office/web-office.ts'
import { openBackgroundEngine } from './background-engine.ts'
import { startCardJobs } from './card-jobs.ts'
import type { Followed } from './follow-database.ts'
import { createMailer } from './mailer.ts'
import type { Metrics } from './metrics.ts'
import type { OpenedEngine } from './open-engine.ts'
import type { Start } from './start.ts'
import { startUpkeep } from './upkeep.ts'
import { openWebhooks } from './webhooks.ts'

/** The Office that all doors of this process share, with connections of its own. */
export function openSharedOffice(start: Start, followed: Followed, { engine, traffic }: OpenedEngine): Office {
  const { access, config, masters, demo, makers, log, keep } = start
  return {
    db: keep(openDatabase(access)),
    keys: followed.cardKeys.current,
    masters: () => Promise.resolve(masters),
    registry: followed.registry.current,
    refreshRegistry: followed.registry.refresh,
    submit: engine.submit,
    traffic,
    nextId: idsOrThrow(followed.nextId),
    clock: followed.clock.now,
    timeZone: config.timeZone,
    demo,
    makers,
    log,
  }
}

/**
 * Starts the work beside running traffic: jobs that people began, records derived from transactions, webhooks, card
 * jobs.
 */
export function openJobs(
  start: Start,
  office: Office,
  { cardKeys, registry, nextId }: Followed,
  metrics: Metrics,
): void {
  const { access, config, anchorAudit, readAuditAnchor, log, troubles, trouble, keep } = start
  const background = keep(
    openBackgroundEngine({
      access,
      traffic: office.traffic,
      timeZone: office.timeZone,
      clock: office.clock,
      issues: () => registry.current().issues,
      trouble(what, error, requests) {
        metrics.troubles.inc()
        troubles.note(what, error, { requests: requests.map(({ labels }) => labels.trace) })
      },
    }),
  )
  keep(
    startJobRunner({
      access,
      kinds: { [GENERATION]: generation(cardKeys.current), ...bulkJobs(office) },
      trouble: troubles.note,
    }),
  )
  // With a poller of its own, because reading a long list takes minutes.
  keep(startJobRunner({ access, kinds: listExports(office), trouble: troubles.note }))
  const places = { places: config.reports, sendMail: createMailer(config.mail) }
  keep(startJobRunner({ access, kinds: scheduledReports(office, places), trouble: troubles.note }))
  keep(startReportFigures(office, trouble('figures of reports could not be kept')))
  keep(startReportSchedules(office, trouble('schedules of reports could not be looked at')))
  keep(
    startUpkeep({
      access,
      submit: background.submit,
      traffic: office.traffic,
      nextId,
      keys: cardKeys.current,
      anchorAudit,
      readAuditAnchor,
      now: office.clock,
      folds: [shopEvents(openWebOffice(office))],
      metrics: metrics.registry,
      log,
      trouble,
    }),
  )
  keep(openWebhooks(access, office, metrics.registry, trouble))
  keep(startCardJobs({ ...office, submit: background.submit }, background.book, config, trouble))
}

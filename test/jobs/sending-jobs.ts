import { openSafQueue } from '../../src/db/saf-queue.ts'
import { deliver } from '../../src/app/deliver.ts'
import { startJobRunner } from '../../src/jobs/runner.ts'
import { scheduledReports, startReportSchedules } from '../../src/jobs/scheduled-reports.ts'
import { sweepStagedLoads } from '../../src/jobs/staged-loads.ts'
import { startStoreAndForward } from '../../src/jobs/store-and-forward.ts'
import { startWebhooks } from '../../src/jobs/webhooks.ts'
import { stanOf } from '../../src/messages/stan.ts'
import type { SendMail } from '../../src/office/mail.ts'
import type { Office } from '../../src/office/office.ts'
import { resolveHost } from '../../src/web/webhook-connector.ts'
import { sendMessage } from '../../src/web/webhook-message.ts'
import { upstreamOf } from '../upstreams/tiny-host.ts'

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export const HOST = 'paused'
export const MAIL_DOMAIN = 'example.com'
/** Shorter than those of `akart up`, so that a test need not wait for them. */
const LEASE_SECONDS = 2

export type Outside = { readonly hostPort: number; readonly send: SendMail; readonly trouble: (error: unknown) => void }

/** The jobs of an Akart process with effects outside: messages to a host, webhooks, loads, mailed reports. */
export function startSendingJobs(t: Teardown, office: Office, { hostPort, send, trouble }: Outside): void {
  const { access } = office.db
  const { upstream } = upstreamOf(t, hostPort, { name: HOST })
  const jobs = [
    startStoreAndForward({
      queue: openSafQueue(access, HOST, LEASE_SECONDS),
      deliver: (message, stan, transmitted) => deliver(upstream, message, stan, transmitted),
      nextId: office.nextId,
      nextStan: () => stanOf(office.nextId()),
      now: Date.now,
      pause: () => 20,
      longestPause: 60_000,
      setAsideAfter: 10,
      watch: { delivered: () => {}, failed: () => {}, setAside: () => {}, trouble },
    }),
    startWebhooks({
      office,
      send: (to, message, stop) => sendMessage({ loopback: true, resolve: resolveHost }, to, message, stop),
      leaseSeconds: LEASE_SECONDS,
      every: 20,
      attempted: () => {},
      trouble,
    }),
    sweepStagedLoads({ ...office, access, now: Date.now, trouble }),
    startReportSchedules(office, trouble),
    startJobRunner({
      access,
      kinds: scheduledReports(office, { places: { directories: [], mailDomains: [MAIL_DOMAIN] }, sendMail: send }),
      trouble: (_what, error) => trouble(error),
    }),
  ]
  for (const { stop } of jobs) t.teardown(stop)
}

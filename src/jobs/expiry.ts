import { expireOverdue, expiryClock, type ExpiryOffice, type ExpiryRun } from '../office/expiry.ts'
import { startPoller, type Poller } from './poller.ts'

const POLL_INTERVAL_MS = 30_000

/**
 * Every night from `time` (HH:MM) on, by the clock of the store where it is earliest: a card is good until its last day is
 * over everywhere. If the process starts after `time`, it runs at once. Any number of processes may run it.
 */
export function startExpiry(
  office: ExpiryOffice,
  {
    time,
    ran,
    trouble,
  }: {
    readonly time: string
    readonly ran: (run: ExpiryRun, today: string) => void
    readonly trouble: (error: unknown) => void
  },
): Poller {
  let doneFor = ''

  return startPoller({
    every: POLL_INTERVAL_MS,
    first: 0,
    async look(isStopping) {
      const clock = expiryClock(office, office.clock())
      const today = clock.slice(0, 10)
      if (today === doneFor || clock.slice(11) < time) return
      const run = await expireOverdue(office, today, isStopping)
      if (run !== null) ran(run, today)
      if (run !== null && run.busy === 0 && !isStopping()) doneFor = today
    },
    failed: trouble,
    close: async () => {},
  })
}

import type { Config } from '../config/schema.ts'
import { startExpiry } from '../jobs/expiry.ts'
import { startPackSales } from '../jobs/pack-sale.ts'
import { startWelfare } from '../jobs/welfare.ts'
import type { Office } from '../office/office.ts'
import type { BackgroundEngine } from './background-engine.ts'

/**
 * Work on cards beside the terminals' traffic: unfinished pack sales, approved welfare batches and recalls, and the
 * nightly expiry. Demo cards past their last day keep the state that cards.csv shows: in the demo, the expiry runs only
 * on request.
 */
export function startCardJobs(
  office: Office,
  book: BackgroundEngine['book'],
  config: Config,
  trouble: (what: string) => (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  const { log } = office
  const jobs = [
    startPackSales(office, { trouble: trouble('a pack sale cannot go on') }),
    startWelfare(office, { book, trouble: trouble('a welfare batch or recall cannot go on') }),
  ]
  if (!office.demo) {
    const expiry = startExpiry(office, {
      time: config.expiryTime,
      ran: (run, today) => log.info('cards past their last day', { ...run, today }),
      trouble: trouble('the nightly expiry failed and is tried again'),
    })
    jobs.push(expiry)
  }
  return {
    stop: async (): Promise<void> => {
      await Promise.all(jobs.map((job) => job.stop()))
    },
  }
}

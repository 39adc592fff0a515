import type { Config } from '../config/schema.ts'
import { startExpiry } from '../jobs/expiry.ts'
import { startPackSales } from '../jobs/pack-sale.ts'
import { startWelfare } from '../jobs/welfare.ts'
import type { Office } from '../office/office.ts'

/**
 * What is done about cards beside the terminals: pack sales that somebody left unfinished, welfare batches and
 * recalls that were approved, and the nightly expiry. Demo
 * cards that are past their last day keep what cards.csv says: there the expiry runs only when it is asked for.
 */
export function startCardJobs(
  office: Office,
  config: Config,
  trouble: (what: string) => (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  const { log } = office
  const jobs = [
    startPackSales(office, { trouble: trouble('a pack sale cannot go on') }),
    startWelfare(office, { trouble: trouble('a welfare batch or recall cannot go on') }),
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

import { selectUnchainedAge } from './audit-chain.ts'
import { selectUnfoldedAge } from './unfolded.ts'
import { selectUndeliveredAge, selectUnsentAge } from './webhook-deliveries.ts'

/** A table whose rows wait to be processed. */
export type Waiting = {
  /** Part of the metric's name: `akart_projection_lag_seconds`. */
  readonly name: string
  readonly help: string
  /** Above it something is wrong. */
  readonly alertSeconds: number
  /** Seconds since the oldest one came, by the clock of the database; no row: none waits. */
  readonly select: string
}

/** To add one, add its row; the metric and the warning come with it. */
export const WAITING: readonly Waiting[] = [
  {
    name: 'projection',
    help: 'Age of the oldest transactions that lists and figures do not show yet',
    alertSeconds: 60,
    select: selectUnfoldedAge,
  },
  {
    name: 'audit_chain',
    help: 'Age of the oldest audit row that is not in the chain',
    alertSeconds: 60,
    select: selectUnchainedAge,
  },
  {
    name: 'upstream_saf',
    help: 'Age of the oldest reversal or confirmation that another host has not acknowledged',
    alertSeconds: 300,
    select: `SELECT TIMESTAMPDIFF(MICROSECOND, owed_since, CURRENT_TIMESTAMP(3)) / 1000000 FROM owed
      WHERE waiting_for IS NOT NULL ORDER BY owed_since LIMIT 1`,
  },
  {
    name: 'webhook_send',
    help: 'By how much the most overdue try of a webhook is late',
    alertSeconds: 60,
    select: selectUnsentAge,
  },
  {
    name: 'webhook_delivery',
    help: 'Age of the oldest event that a web shop has not taken',
    alertSeconds: 86_400,
    select: selectUndeliveredAge,
  },
]

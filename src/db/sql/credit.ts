import { fromInstant, instant, integer, integerOrNull, text } from './literal.ts'
import type { Row } from './row.ts'

/** How much a counterparty may owe; amount null: as much as it likes. */
export type CreditLimit = {
  readonly counterparty: string
  readonly currency: number
  readonly amount: number | null
  readonly askedBy: string
  readonly approvedBy: string
  readonly at: number
}

const SELECT = 'SELECT counterparty_code, currency, amount, asked_by, approved_by, at FROM credit_limits'

export const insertCreditLimit = (id: number, l: CreditLimit): string =>
  `INSERT INTO credit_limits (id, counterparty_code, currency, amount, asked_by, approved_by, at) VALUES
   (${integer(id)},${text(l.counterparty)},${integer(l.currency)},${integerOrNull(l.amount)},${text(l.askedBy)},
    ${text(l.approvedBy)},${instant(l.at)})`

/** The latest one of each currency. */
export const selectCreditLimits = (counterparty: string): string =>
  `${SELECT} WHERE id IN (SELECT MAX(id) FROM credit_limits WHERE counterparty_code = ${text(counterparty)} GROUP BY currency)`

export const selectAllCreditLimits = `${SELECT} WHERE id IN (SELECT MAX(id) FROM credit_limits GROUP BY counterparty_code, currency)`

export function toCreditLimit(row: Row): CreditLimit {
  const [counterparty, currency, amount, askedBy, approvedBy, at] = row as [
    string, number, number | null, string, string, string,
  ] // prettier-ignore
  return { counterparty, currency, amount, askedBy, approvedBy, at: fromInstant(at) }
}

/** Locks the counterparty, so that credit decisions about it are made one at a time. */
export const lockCounterparty = (code: string): string =>
  `SELECT code FROM counterparties WHERE code = ${text(code)} FOR UPDATE`

/**
 * Approved amounts that are not booked yet: the rest of packs being sold, welfare batches until they are booked,
 * e-cards until they are sold. By counterparty and currency; null: all.
 */
export const selectCommitted = (counterparty: string | null): string => {
  const of = (column: string): string => (counterparty === null ? 'TRUE' : `${column} = ${text(counterparty)}`)
  return `SELECT code, currency, CAST(SUM(amount) AS SIGNED) FROM (
     SELECT p.counterparty_code AS code, i.currency,
       p.sale_amount * (p.cards - (SELECT COUNT(*) FROM cards c WHERE c.pack_id = p.id AND c.bound = 1)) AS amount
     FROM packs p JOIN issues i ON i.id = p.issue_id
     WHERE p.state = 'selling' AND p.counterparty_code IS NOT NULL AND ${of('p.counterparty_code')}
     UNION ALL
     SELECT w.employer_code, w.currency, w.amount FROM welfare_batches w LEFT JOIN staged_batches s ON s.id = w.staged_id
     WHERE w.state = 'approved' AND COALESCE(s.state <> 'booked', TRUE) AND ${of('w.employer_code')}
     UNION ALL
     SELECT e.buyer_code, i.currency, e.amount FROM ecards e JOIN issues i ON i.id = e.issue_id
     WHERE e.state = 'sending' AND e.sale_id IS NULL AND e.buyer_kind = 'counterparty' AND ${of('e.buyer_code')}
   ) AS committed GROUP BY code, currency`
}

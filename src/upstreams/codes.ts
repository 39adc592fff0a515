import type { Codes } from './kind.ts'

/**
 * DE 39 of hosts of ISO 8583:1987, as our results. Codes that the standard leaves to the host, and codes of a host that
 * could not finish (06, 68, 91, 96), are `unsure`: the request is reversed. 94 is unsure too: the host knows the number
 * although we have not sent it before, so its booking is unknown.
 */
export const STANDARD_CODES: Codes = {
  '00': 'approved',
  '10': 'approved',
  '04': 'card_blocked',
  '05': 'issue_not_permitted',
  '06': 'unsure',
  '07': 'card_blocked',
  '12': 'unsupported',
  '13': 'amount_invalid',
  '14': 'unknown_card',
  '21': 'original_done',
  '25': 'original_not_found',
  '30': 'upstream_silent',
  '33': 'card_expired',
  '36': 'card_blocked',
  '41': 'card_lost',
  '43': 'card_stolen',
  '51': 'exceeds_balance',
  '54': 'card_expired',
  '55': 'wrong_ecode',
  '57': 'issue_not_permitted',
  '58': 'upstream_silent',
  '61': 'exceeds_amount_limit',
  '62': 'card_blocked',
  '63': 'upstream_silent',
  '64': 'amount_differs',
  '65': 'exceeds_count_limit',
  '68': 'unsure',
  '75': 'too_many_tries',
  '91': 'unsure',
  '94': 'unsure',
  '96': 'unsure',
}

import { STANDARD_CODES } from './codes.ts'
import { kindOf } from './dialect.ts'

/**
 * A bank-card host of the 1987 standard: payment, refund and balance with its own processing codes, single message (an
 * approval is a booking), reversed by 0400 and 0420, without confirmations. It gets no fields that only we use: no
 * eCode, no flags. Acquirer (32), merchant type (18) and its own number for the store (42) are fixed fields of the
 * configuration.
 */
export const bankCard = kindOf({
  operations: { payment: '000000', refund: '200000', balance: '310000' },
  confirms: false,
  passes: [2, 4, 22, 35, 45],
  codes: { ...STANDARD_CODES, '03': 'upstream_silent', '15': 'unknown_card', '78': 'unknown_card' },
  acknowledges: { 420: ['00', '21', '25'], 202: [] },
})

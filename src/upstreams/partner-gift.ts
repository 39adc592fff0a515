import { STANDARD_CODES } from './codes.ts'
import { kindOf } from './dialect.ts'

/**
 * Gift cards of a partner whose host speaks our own terminals' dialect: all gift card operations, by stripe, barcode,
 * number or eCode, with partial approval and confirmations.
 */
export const partnerGift = kindOf({
  operations: { payment: null, sale: null, top_up: null, refund: null, cash_out: null, balance: null },
  confirms: true,
  passes: [2, 4, 22, 25, 35, 45, 48, 62],
  codes: { ...STANDARD_CODES, '03': 'store_not_permitted', '78': 'card_unsold' },
  // 21 and 25: there is nothing (left) that could be reversed.
  acknowledges: { 420: ['00', '21', '25'], 202: ['00'] },
})

/** DE39 in words (docs/spec/terminal.md, section 6). */
export const responseMeanings: Readonly<Record<string, string>> = {
  '00': 'approved',
  '03': 'unknown or closed store, or not this terminal’s',
  '10': 'approved for less than was asked',
  '12': 'this transaction is not supported',
  '13': 'the amount is not allowed',
  '14': 'unknown card',
  '21': 'nothing (left) to undo',
  '25': 'the original was not found',
  '30': 'format error',
  '41': 'blocked as lost',
  '43': 'blocked as stolen',
  '51': 'insufficient funds',
  '54': 'expired card',
  '55': 'unknown card or wrong eCode',
  '57': 'not permitted for this card here',
  '58': 'unknown or inactive terminal, or not signed on',
  '61': 'over the maximum balance or a limit of amount',
  '62': 'blocked card',
  '63': 'bad or missing MAC',
  '64': 'not the amount of the original, or refunds exceed it',
  '65': 'over a limit of number',
  '75': 'too many tries',
  '78': 'card not active',
  '91': 'the card’s host does not answer',
  '94': 'the same trace number was used for another request',
  '95': 'the totals do not agree',
  '96': 'overload or malfunction: not booked, try again',
}

/** The meaning of DE44, if it says more than DE39. */
export const reasonMeanings: Readonly<Record<string, string>> = {
  AMOUNT: 'the amount',
  BALANCE: 'over the maximum balance',
  BLOCKED: 'blocked for another reason',
  CASE: 'a person has to look at it',
  CHECK: 'a clerk has to look first',
  COUNT: 'the number of operations',
  DONE: 'already undone',
  ENTRY: 'not by this way of entry',
  ISSUE: 'not for this issue of cards',
  LATE: 'too late to undo',
  MAC: 'the MAC',
  MAX: 'more than the issue allows',
  MIN: 'less than the issue allows',
  NOMINAL: 'not the nominal value',
  PACK: 'its pack or issue is not activated',
  REFUND: 'no refunds',
  REVERSED: 'has been reversed',
  SIGNON: 'not signed on',
  SOLD: 'already sold',
  SPENT: 'already spent',
  STEP: 'not a step the issue allows',
  STORE: 'not in this store',
  TERMINAL: 'the terminal',
  TOPUP: 'no top-ups',
  UNSOLD: 'not yet sold',
}

/** First two digits of DE3. */
export const processingMeanings: Readonly<Record<string, string>> = {
  '00': 'payment',
  '20': 'refund',
  '21': 'top-up',
  '30': 'balance',
  '31': 'balance',
  '40': 'duplicate',
  '61': 'cash-out',
  '73': 'block',
  '74': 'unblock',
  '90': 'sale, open amount',
  '93': 'sale, nominal card',
}

/** First two digits of DE22. */
export const entryMeanings: Readonly<Record<string, string>> = {
  '01': 'keyed',
  '02': 'magnetic stripe',
  '03': 'barcode',
  '81': 'e-commerce',
}

/** Third digit of DE22: whether a PIN can be typed there. */
export const pinMeanings: Readonly<Record<string, string>> = { '1': 'PIN possible', '2': 'no PIN' }

/** DE25 of a block (docs/spec/terminal.md, section 3). */
export const blockMeanings: Readonly<Record<string, string>> = {
  '00': 'at the customer’s wish',
  '20': 'suspicion',
  '41': 'lost',
  '43': 'stolen',
}

export const networkMeanings: Readonly<Record<string, string>> = {
  '001': 'sign-on',
  '002': 'sign-off',
  '161': 'new session key',
  '301': 'echo',
}

const kinds: Readonly<Record<string, string>> = {
  '010': 'balance inquiry',
  '011': 'balance inquiry response',
  '020': 'financial request',
  '021': 'financial response',
  '022': 'advice',
  '023': 'advice response',
  '040': 'cancellation',
  '041': 'cancellation response',
  '042': 'reversal',
  '043': 'reversal response',
  '050': 'end of day',
  '051': 'end of day response',
  '052': 'end of day, forced',
  '053': 'end of day response',
  '060': 'administration',
  '061': 'administration response',
  '080': 'network management',
  '081': 'network management response',
}

const confirmations: Readonly<Record<string, string>> = {
  '0202': 'confirmation',
  '0203': 'confirmation, repeat',
  '0212': 'confirmation response',
}

/** Whether the message table has it, as a request, a repeat or a response. */
export const isKnownMeaning = (mti: string): boolean =>
  confirmations[mti] !== undefined || (kinds[mti.slice(0, 3)] !== undefined && '01'.includes(mti.slice(3)))

/** An MTI in words. */
export function mtiMeaning(mti: string): string {
  const special = confirmations[mti]
  if (special !== undefined) return special
  const kind = kinds[mti.slice(0, 3)] ?? 'unknown message'
  return mti[3] === '1' ? `${kind}, repeat` : kind
}

/**
 * The requests of a till: MTI and processing code (docs/spec/terminal.md, section 3), whether they need an amount and a
 * card, and DE70 of network messages.
 */
export type Operation = {
  mti: string
  code: string | null
  amount: 'asked' | 'optional' | 'none'
  card: boolean
  network: string | null
}

export const operations = {
  balance: { mti: '0100', code: '316000', amount: 'none', card: true, network: null },
  sale: { mti: '0200', code: '900060', amount: 'asked', card: true, network: null },
  'nominal-sale': { mti: '0200', code: '930060', amount: 'optional', card: true, network: null },
  payment: { mti: '0200', code: '006000', amount: 'asked', card: true, network: null },
  'top-up': { mti: '0200', code: '210060', amount: 'asked', card: true, network: null },
  refund: { mti: '0200', code: '200060', amount: 'asked', card: true, network: null },
  'cash-out': { mti: '0200', code: '616000', amount: 'asked', card: true, network: null },
  duplicate: { mti: '0200', code: '406060', amount: 'none', card: true, network: null },
  'payment-advice': { mti: '0220', code: '006000', amount: 'asked', card: true, network: null },
  'refund-advice': { mti: '0220', code: '200060', amount: 'asked', card: true, network: null },
  block: { mti: '0600', code: '730000', amount: 'none', card: true, network: null },
  unblock: { mti: '0600', code: '740000', amount: 'none', card: true, network: null },
  'end-of-day': { mti: '0500', code: null, amount: 'none', card: false, network: null },
  echo: { mti: '0800', code: null, amount: 'none', card: false, network: '301' },
  'sign-on': { mti: '0800', code: null, amount: 'none', card: false, network: '001' },
  'sign-off': { mti: '0800', code: null, amount: 'none', card: false, network: '002' },
  'new-key': { mti: '0800', code: null, amount: 'none', card: false, network: '161' },
} satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
export const operationNames = Object.keys(operations) as OperationName[]

/** Follow-ups of an earlier request, which they name in DE90. */
export const followUps = {
  confirm: { mti: '0202', echoes: [3] },
  reverse: { mti: '0420', echoes: [3, 4, 49] },
  cancel: { mti: '0400', echoes: [3, 4, 49] },
} as const
export type FollowUp = keyof typeof followUps

/** The entry modes: DE22, whose third digit says that there is no PIN pad. */
export const entries = {
  swipe: '022',
  'swipe-track1': '022',
  keyed: '012',
  barcode: '032',
  ecommerce: '812',
  /** A stripe with a foreign check value. */
  forged: '022',
  /** E-commerce with a wrong eCode. */
  guessed: '812',
} as const
export type Entry = keyof typeof entries
export const entryNames = Object.keys(entries) as Entry[]

/** Response to a request: third digit raised, repeat bit cleared (0100 → 0110, 0201 → 0210, 0203 → 0212). */
export function responseMti(request: string): string {
  return `${request.slice(0, 2)}${Number(request[2]) + 1}${evenOrigin(request)}`
}

/** The same request sent again: 0200 → 0201, 0202 → 0203. */
export function repeatMti(request: string): string {
  return `${request.slice(0, 3)}${evenOrigin(request) + 1}`
}

/** The first sending's MTI, as DE90 wants it. */
export function originalMti(request: string): string {
  return `${request.slice(0, 3)}${evenOrigin(request)}`
}

/** The fourth digit without the repeat bit. */
function evenOrigin(mti: string): number {
  const origin = Number(mti[3])
  return origin - (origin % 2)
}

/** The second digit of an MTI (ISO 8583:1987, 4.1.2). */
export const MTI_CLASS = {
  '1': 'authorization',
  '2': 'financial',
  '3': 'file action',
  '4': 'reversal',
  '5': 'reconciliation',
  '6': 'administrative',
  '8': 'network management',
} as const

/** The third digit: even for a request, odd for a response. */
export const MTI_FUNCTION = {
  '0': 'request',
  '1': 'request response',
  '2': 'advice',
  '3': 'advice response',
  '4': 'notification',
} as const

export type MtiClass = (typeof MTI_CLASS)[keyof typeof MTI_CLASS]
export type MtiFunction = (typeof MTI_FUNCTION)[keyof typeof MTI_FUNCTION]

/** The parts of an MTI. Null where the standard gives the digit no meaning. */
export type MtiParts = {
  readonly version: number
  readonly class: MtiClass | null
  readonly function: MtiFunction | null
  /** The last digit without the repeat bit: 0 acquirer, 2 issuer (confirmations here: 0202), 4 other. */
  readonly origin: number
  readonly repeat: boolean
}

const digit = (mti: string, at: number): number => mti.charCodeAt(at) - 0x30

const look = <Value>(table: { readonly [digit: string]: Value }, mti: string, at: number): Value | null =>
  table[mti.charAt(at)] ?? null

/** Splits an MTI of four digits, which is the only form that `unpack` returns. */
export const mtiParts = (mti: string): MtiParts => ({
  version: digit(mti, 0),
  class: look(MTI_CLASS, mti, 1),
  function: look(MTI_FUNCTION, mti, 2),
  origin: digit(mti, 3) & ~1,
  repeat: isRepeat(mti),
})

/** Whether the third digit is even: the message is to be answered. */
export const isRequest = (mti: string): boolean => (digit(mti, 2) & 1) === 0

/** Whether the last bit of the last digit is set: the message is a repeat, because no answer came. */
export const isRepeat = (mti: string): boolean => (digit(mti, 3) & 1) === 1

/** The MTI without the repeat bit: `0201` becomes `0200`, `0203` becomes `0202`. */
export const withoutRepeat = (mti: string): string => mti.slice(0, 3) + String(digit(mti, 3) & ~1)

/** The MTI of the answer to a request: third digit one higher, repeat bit cleared. `0421` is answered `0430`. */
export const responseMti = (mti: string): string =>
  mti.slice(0, 2) + String(digit(mti, 2) | 1) + String(digit(mti, 3) & ~1)

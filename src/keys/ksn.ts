/**
 * A key serial number: identifies the device's initial key and the transaction.
 * `tdes`: 10 bytes, the last 21 bits a counter (X9.24-1:2009 annex A) · `aes`: 12 bytes, 8 of initial key id and 4 of
 * counter (X9.24-3:2017 section 6.1).
 */
export type Ksn = {
  readonly scheme: 'tdes' | 'aes'
  /** As sent. */
  readonly bytes: Buffer
  /** `tdes`: 8 bytes, the counter's bits zero · `aes`: the 8 bytes of the initial key id. It never changes for a device. */
  readonly initialKeyId: Buffer
  readonly counter: number
}

/** `length`: neither 10 nor 12 bytes · `counter`: zero, or with more one bits than a device ever uses (10 of 21, 16 of 32). */
export type KsnRefusal = { readonly kind: 'refused'; readonly reason: 'length' | 'counter' }

const SCHEMES = {
  10: { scheme: 'tdes', counterBits: 21, ones: 10 },
  12: { scheme: 'aes', counterBits: 32, ones: 16 },
} as const satisfies Readonly<Record<number, object>>

/** Reads a key serial number; its length tells the scheme. */
export function readKsn(bytes: Uint8Array): { readonly kind: 'ksn'; readonly ksn: Ksn } | KsnRefusal {
  const raw = Buffer.from(bytes)
  if (raw.length !== 10 && raw.length !== 12) return { kind: 'refused', reason: 'length' }
  const { scheme, counterBits, ones } = SCHEMES[raw.length]
  const tail = raw.readUInt32BE(raw.length - 4)
  const counter = counterBits === 32 ? tail : tail % 2 ** counterBits
  const bits = bitsOf(counter).length
  if (bits === 0 || bits > ones) return { kind: 'refused', reason: 'counter' }

  const initialKeyId = Buffer.from(raw.subarray(0, 8))
  // The counter of triple DES begins in the eighth byte, which has 5 of its 21 bits.
  if (scheme === 'tdes') initialKeyId[7] = (raw[7] ?? 0) & 0xe0
  return { kind: 'ksn', ksn: { scheme, bytes: raw, initialKeyId, counter } }
}

/** The one bits of a counter as powers of two, the highest first: the steps from the initial key to the transaction key. */
export function bitsOf(counter: number): number[] {
  const bits: number[] = []
  for (let bit = 2 ** 31; bit >= 1; bit /= 2) if (Math.floor(counter / bit) % 2 === 1) bits.push(bit)
  return bits
}

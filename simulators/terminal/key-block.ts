import { createCipheriv, createDecipheriv } from 'node:crypto'

/*
 * Key blocks of ANSI X9.143 (TR-31), versions B and D, as a terminal reads them: written from the standard, and sharing
 * nothing with the switch.
 */

type Cipher = {
  readonly block: 8 | 16
  readonly name: (bytes: number) => string
  readonly key: (key: Buffer) => Buffer
  /** The last byte of the polynomial of CMAC's subkeys. */
  readonly carry: number
  /** Algorithm indicator of a derived key, by bytes. */
  readonly indicator: Readonly<Record<number, number>>
}

const CIPHERS: Readonly<Record<string, Cipher>> = {
  B: {
    block: 8,
    name: () => 'des-ede3-cbc',
    key: (key) => (key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key),
    carry: 0x1b,
    indicator: { 16: 0, 24: 1 },
  },
  D: {
    block: 16,
    name: (bytes) => `aes-${8 * bytes}-cbc`,
    key: (key) => key,
    carry: 0x87,
    indicator: { 16: 2, 24: 3, 32: 4 },
  },
}

function encrypt({ name, key, block }: Cipher, secret: Buffer, data: Buffer): Buffer {
  return createCipheriv(name(secret.length), key(secret), Buffer.alloc(block)).setAutoPadding(false).update(data)
}

/** Shifted left by one bit, in the field of the cipher. */
function doubled(bytes: Buffer, carry: number): Buffer {
  const shifted = (BigInt(`0x${bytes.toString('hex')}`) << 1n).toString(16).padStart(2 * bytes.length, '0')
  const out = Buffer.from(shifted.slice(-2 * bytes.length), 'hex')
  const last = bytes.length - 1
  if (((bytes[0] ?? 0) & 0x80) !== 0) out[last] = (out[last] ?? 0) ^ carry
  return out
}

/** NIST SP 800-38B, with whichever cipher. */
function cmac(cipher: Cipher, secret: Buffer, data: Buffer): Buffer {
  const { block, carry } = cipher
  const whole = data.length > 0 && data.length % block === 0
  const first = doubled(encrypt(cipher, secret, Buffer.alloc(block)), carry)
  const mask = whole ? first : doubled(first, carry)
  const padded = Buffer.alloc(Math.max(1, Math.ceil(data.length / block)) * block)
  data.copy(padded)
  if (!whole) padded[data.length] = 0x80
  for (let i = 0; i < block; i++) {
    const at = padded.length - block + i
    padded[at] = (padded[at] ?? 0) ^ (mask[i] ?? 0)
  }
  return encrypt(cipher, secret, padded).subarray(-block)
}

/** The key of this purpose (0 encryption, 1 MAC) that belongs to a protection key, as long as it. */
function derived(cipher: Cipher, kbpk: Buffer, purpose: 0 | 1): Buffer {
  const { block, indicator } = cipher
  const pieces = Array.from({ length: Math.ceil(kbpk.length / block) }, (_, i) =>
    cmac(
      cipher,
      kbpk,
      Buffer.from([i + 1, 0, purpose, 0, 0, indicator[kbpk.length] ?? 0, kbpk.length >> 5, (kbpk.length * 8) & 0xff]),
    ),
  )
  return Buffer.concat(pieces).subarray(0, kbpk.length)
}

const HEADER = 16

export type KeyFound = { ok: true; key: string } | { ok: false; reason: string }

/** The MAC key in the key block of an 0810, in hex. Reasons contain nothing of it. */
export function keyIn(block: string, kbpkHex: string): KeyFound {
  const fail = (reason: string): KeyFound => ({ ok: false, reason: `the key block ${reason}` })
  const cipher = CIPHERS[block.charAt(0)]
  if (cipher === undefined) return fail(`is of version '${block.charAt(0)}', not B or D`)
  const use = cipher.block === 8 ? 'M3TC' : 'M6AC'
  if (block.slice(5, 9) !== use) return fail(`says ${block.slice(5, 9)}, not ${use}`)
  if (Number(block.slice(1, 5)) !== block.length)
    return fail(`has ${block.length} characters and says ${block.slice(1, 5)}`)
  if (block.slice(12, 16) !== '0000') return fail('has optional blocks')

  const kbpk = Buffer.from(kbpkHex, 'hex')
  const body = Buffer.from(block.slice(HEADER), 'hex')
  const mac = body.subarray(-cipher.block)
  const secret = derived(cipher, kbpk, 0)
  const engine = createDecipheriv(cipher.name(secret.length), cipher.key(secret), mac).setAutoPadding(false)
  const clear = engine.update(body.subarray(0, -cipher.block))
  const covered = Buffer.concat([Buffer.from(block.slice(0, HEADER), 'latin1'), clear])
  if (!cmac(cipher, derived(cipher, kbpk, 1), covered).equals(mac)) return fail('has a wrong MAC')
  return { ok: true, key: clear.subarray(2, 2 + clear.readUInt16BE() / 8).toString('hex') }
}

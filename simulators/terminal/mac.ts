import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { MacMethod } from '../demo/terminals.ts'

const zeros = (size: number) => Buffer.alloc(size)

/** OpenSSL 3 keeps single DES in its legacy provider; triple DES with three equal keys is the same function. */
function desKey(key: Buffer): Buffer {
  return Buffer.concat([key, key, key])
}

function desCbc(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv('des-ede3-cbc', desKey(key), zeros(8)).setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

function padWithZeros(data: Buffer, block: number): Buffer {
  const whole = Math.max(block, Math.ceil(data.length / block) * block)
  return Buffer.concat([data, zeros(whole - data.length)])
}

/**
 * ISO 9797-1 algorithm 3 with padding method 1 (ANSI X9.19 retail MAC): single DES CBC with the left half of the key,
 * the last block decrypted with the right half and encrypted with the left again. 8 bytes.
 */
export function retailMac(key: Buffer, data: Buffer): Buffer {
  const left = key.subarray(0, 8)
  const right = key.subarray(8, 16)
  const last = desCbc(left, padWithZeros(data, 8)).subarray(-8)
  const decipher = createDecipheriv('des-ede3-cbc', desKey(right), zeros(8)).setAutoPadding(false)
  const middle = Buffer.concat([decipher.update(last), decipher.final()])
  return desCbc(left, middle)
}

function aesCbc(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv(key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc', key, zeros(16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

/** Doubling in GF(2^128), RFC 4493 section 2.3. */
function double(block: Buffer): Buffer {
  const out = Buffer.alloc(16)
  for (let i = 0; i < 16; i++) out[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7)
  if ((block[0] ?? 0) & 0x80) out[15] = (out[15] ?? 0) ^ 0x87
  return out
}

/** AES-CMAC (RFC 4493, NIST SP 800-38B), all 16 bytes; on the wire the left 8 are sent. */
export function aesCmac(key: Buffer, data: Buffer): Buffer {
  const k1 = double(aesCbc(key, zeros(16)))
  const whole = data.length > 0 && data.length % 16 === 0
  const mask = whole ? k1 : double(k1)
  const padded = whole ? Buffer.from(data) : padWithZeros(Buffer.concat([data, Buffer.of(0x80)]), 16)
  const start = padded.length - 16
  for (let i = 0; i < 16; i++) padded[start + i] = (padded[start + i] ?? 0) ^ (mask[i] ?? 0)
  return aesCbc(key, padded).subarray(-16)
}

const methods = {
  retail: retailMac,
  'aes-cmac': (key, data) => aesCmac(key, data).subarray(0, 8),
} satisfies Record<Exclude<MacMethod, 'none'>, (key: Buffer, data: Buffer) => Buffer>

/** The 8 bytes of DE64 or DE128 over a message from the MTI up to, not including, that field. */
export function macOf(method: Exclude<MacMethod, 'none'>, keyHex: string, data: Buffer): Buffer {
  return methods[method](Buffer.from(keyHex, 'hex'), data)
}

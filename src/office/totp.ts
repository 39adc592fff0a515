import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import type { CardKeys } from '../cards/keys.ts'

/* Codes that change every 30 seconds (RFC 6238, SHA-1, six digits), and how their secrets are kept. */

const STEP_SECONDS = 30
/** A clock may be off by one step either way. */
const TOLERANCE_SECONDS = 30

export const newTotpSecret = (): string => generateSecret()
export const totpUri = (login: string, secret: string): string => generateURI({ issuer: 'Akart', label: login, secret })

/** The time step of this code; null: invalid, or of a step that was used already. */
export function stepOfCode(secret: string, code: string, now: number, lastStep: number): number | null {
  if (!/^\d{6}$/u.test(code)) return null
  const epoch = Math.floor(now / 1000)
  const result = verifySync({ secret, token: code, epoch, epochTolerance: TOLERANCE_SECONDS })
  if (!result.valid) return null
  const step = Math.floor(epoch / STEP_SECONDS) + result.delta
  return step > lastStep ? step : null
}

const NONCE = 12
const TAG = 16

/** eCodes' key lives as long as the installation; the purpose keeps the two uses apart. */
const sealingKey = ({ ecode }: CardKeys): Buffer =>
  Buffer.from(hkdfSync('sha256', ecode, 'akart people v1', 'seal of TOTP secrets', 32))

/** nonce (12) | ciphertext | tag (16), AES-256-GCM with the login as additional data, which binds it to the person. */
export function sealTotp(keys: CardKeys, login: string, secret: string): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(keys), nonce, { authTagLength: TAG }).setAAD(
    Buffer.from(login),
  )
  return Buffer.concat([nonce, cipher.update(secret, 'latin1'), cipher.final(), cipher.getAuthTag()])
}

/** @throws where it was changed, or belongs to another login or another installation */
export function openTotp(keys: CardKeys, login: string, sealed: Buffer): string {
  const end = sealed.length - TAG
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(keys), sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(login))
    .setAuthTag(sealed.subarray(end))
  return decipher.update(sealed.subarray(NONCE, end), undefined, 'latin1') + decipher.final('latin1')
}

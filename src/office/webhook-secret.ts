import { hkdfSync, randomBytes } from 'node:crypto'
import type { CardKeys } from '../cards/keys.ts'
import type { EndpointRow } from '../db/sql/webhook-endpoints.ts'

/** Standard Webhooks 1.0.0: 24 to 64 bytes, base64, behind this prefix. */
const PREFIX = 'whsec_'
const SECRET_BYTES = 32
const SALT_BYTES = 16

type Keys = Pick<CardKeys, 'idempotency'>

/**
 * 32 hex digits. The secret is derived from this salt and a key outside the database, so reading the database is not
 * enough to sign.
 */
export const newSalt = (): string => randomBytes(SALT_BYTES).toString('hex')

export function secretFrom({ idempotency }: Keys, salt: string): string {
  const bytes = hkdfSync('sha256', idempotency, Buffer.from(salt, 'hex'), 'akart/webhook secrets', SECRET_BYTES)
  return `${PREFIX}${Buffer.from(bytes).toString('base64')}`
}

/** The secrets that sign now: for a day after a rotation also the former one. */
export const secretsOf = (keys: Keys, { salt, old }: Pick<EndpointRow, 'salt' | 'old'>, now: number): string[] => [
  secretFrom(keys, salt),
  ...(old !== null && now < old.until ? [secretFrom(keys, old.salt)] : []),
]

import { hkdfSync, randomBytes } from 'node:crypto'
import type { CardKeys } from '../cards/keys.ts'
import type { EndpointRow } from '../db/sql/webhook-endpoints.ts'

/** Standard Webhooks 1.0.0: 24 to 64 bytes, base64, behind this prefix. */
const PREFIX = 'whsec_'
const SECRET_BYTES = 32
const SALT_BYTES = 16

type Keys = Pick<CardKeys, 'idempotency'>

/** 32 hex digits. The database keeps it in place of the secret, which is derived from it: who reads the database cannot sign. */
export const newSalt = (): string => randomBytes(SALT_BYTES).toString('hex')

export function secretFrom({ idempotency }: Keys, salt: string): string {
  const bytes = hkdfSync('sha256', idempotency, Buffer.from(salt, 'hex'), 'akart/webhook secrets', SECRET_BYTES)
  return `${PREFIX}${Buffer.from(bytes).toString('base64')}`
}

/** Those that sign now: for a day after a rotation the one before it too. */
export const secretsOf = (keys: Keys, { salt, old }: Pick<EndpointRow, 'salt' | 'old'>, now: number): string[] => [
  secretFrom(keys, salt),
  ...(old !== null && now < old.until ? [secretFrom(keys, old.salt)] : []),
]

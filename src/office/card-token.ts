import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { derivedKey } from '../cards/derived-key.ts'
import type { CardKeys } from '../cards/keys.ts'

/**
 * A token stands for a number and its eCode for a quarter of an hour. Nothing is stored: all data are sealed inside it.
 */
export type CardToken = {
  readonly shop: string
  readonly cardId: number
  /** Keyed hash, 32 hex digits: a new eCode ends the token. */
  readonly ecodeHash: string
  /** ms since 1970 of the sale that stood; another sale ends the token. Null: from before this was kept. */
  readonly soldAt: number | null
  /** ms since 1970. */
  readonly expiresAt: number
}

export const TOKEN_LIFETIME_MS = 15 * 60_000

const PREFIX = 'tok_'
const IV_BYTES = 12
const TAG_BYTES = 16

const keyOf = ({ idempotency }: Pick<CardKeys, 'idempotency'>): Buffer => derivedKey(idempotency, 'akart/card tokens')

export function sealToken(keys: Pick<CardKeys, 'idempotency'>, token: CardToken): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(keys), iv)
  const { shop, cardId, ecodeHash, soldAt, expiresAt } = token
  const plain = [shop, cardId.toString(36), ecodeHash, soldAt?.toString(36) ?? '', expiresAt.toString(36)].join('|')
  const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${PREFIX}${sealed.toString('base64url')}`
}

/** Opens a token. Null: it is not one of our tokens, or it was modified. Its expiry is checked elsewhere. */
export function openToken(keys: Pick<CardKeys, 'idempotency'>, text: string): CardToken | null {
  const sealed = Buffer.from(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '', 'base64url')
  if (sealed.length <= IV_BYTES + TAG_BYTES) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(keys), sealed.subarray(0, IV_BYTES))
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
    const [shop = '', cardId = '', ecodeHash = '', soldAt = '', expiresAt = ''] = plain.toString('utf8').split('|')
    return {
      shop,
      cardId: Number.parseInt(cardId, 36),
      ecodeHash,
      soldAt: soldAt === '' ? null : Number.parseInt(soldAt, 36),
      expiresAt: Number.parseInt(expiresAt, 36),
    }
  } catch {
    return null // the tag does not fit
  }
}

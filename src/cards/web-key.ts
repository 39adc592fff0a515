import { type Key, KIND } from '../core/key.ts'
import { hmacHex } from './hmac.ts'
import type { CardKeys } from './keys.ts'

// Bits of the digest that are looked up, 82 together: as many as the columns and safe integers hold.
const STAN_BITS = 31n
const TRANSMITTED_BITS = 51n

/**
 * Derives the request key from an Idempotency-Key. A shop's Idempotency-Key is one key over all endpoints, so that a
 * reversal can find it before the request itself arrives. It is a keyed digest, so that nobody can search for two keys
 * that agree in the bits that are looked up. The whole digest is stored and compared.
 */
export function webKey(
  { idempotency }: Pick<CardKeys, 'idempotency'>,
  { shop, store, idempotencyKey }: { readonly shop: string; readonly store: string; readonly idempotencyKey: string },
): Key {
  const digest = hmacHex(idempotency, `${shop}\u0000${idempotencyKey}`)
  const bits = BigInt(`0x${digest}`)
  return {
    store,
    terminal: shop,
    kind: KIND.web,
    stan: Number(BigInt.asUintN(Number(STAN_BITS), bits)),
    transmitted: Number(BigInt.asUintN(Number(TRANSMITTED_BITS), bits >> STAN_BITS)),
    digest,
  }
}

/** The reference (RRN) of a shop's request. Unlike a till's reference, it is unique. */
export const webReference = (id: number): string => id.toString(36).toUpperCase()

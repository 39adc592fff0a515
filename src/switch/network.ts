import type { Terminal } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import type { MacAlgorithm } from '../iso8583/mac.ts'
import type { MacKey } from './mac-keys.ts'

/** DE 70 of 0800. Sign-on is not demanded of any terminal yet, so sign-on and sign-off just succeed. */
export const NETWORK_PURPOSES: ReadonlyMap<string, 'sign_on' | 'sign_off' | 'echo' | 'key_exchange'> = new Map([
  ['001', 'sign_on'],
  ['002', 'sign_off'],
  ['161', 'key_exchange'],
  ['301', 'echo'],
] as const)

export const isKeyExchange = (de70: string | undefined): boolean =>
  de70 !== undefined && NETWORK_PURPOSES.get(de70) === 'key_exchange'

/**
 * A MAC session key for a terminal, committed: its key block. `inUse` is the key of the request. The request that was
 * answered last gets the same key once more, an older one (a recorded message) gets none: the key requested latest
 * stays the newest. Null: this terminal cannot have one.
 */
export type ExchangeKey = (asked: {
  readonly terminal: string
  readonly mac: MacAlgorithm
  readonly inUse: MacKey
  readonly stamp: ExchangeStamp
  readonly now: number
}) => Promise<Exchanged | null>

/** DE 7, with its year, and DE 11 of the request. */
export type ExchangeStamp = { readonly transmitted: number; readonly stan: number }
export type Exchanged = { readonly keyBlock: string } | { readonly refused: 'key_reused' | 'exceeds_count_limit' }

export type NetworkAnswer = {
  readonly result: Result
  /** For DE 48 of the 0810. */
  readonly keyBlock: string | null
}

/** `inUse`: the key of the request's MAC; null: it had none. */
export async function answerNetwork(
  purpose: string,
  terminal: Terminal,
  inUse: MacKey | null,
  stamp: ExchangeStamp,
  now: number,
  exchange: ExchangeKey,
): Promise<NetworkAnswer> {
  const asked = NETWORK_PURPOSES.get(purpose)
  if (asked === undefined) return { result: 'unsupported', keyBlock: null }
  if (asked !== 'key_exchange') return { result: 'approved', keyBlock: null }
  if (terminal.mac === 'none' || inUse === null) return { result: 'unsupported', keyBlock: null }
  try {
    const exchanged = await exchange({ terminal: terminal.code, mac: terminal.mac, inUse, stamp, now })
    if (exchanged === null) return { result: 'unsupported', keyBlock: null }
    if ('refused' in exchanged) return { result: exchanged.refused, keyBlock: null }
    return { result: 'approved', keyBlock: exchanged.keyBlock }
  } catch {
    // If the key is committed after all, an unused key does no harm: the terminal asks again.
    return { result: 'malfunction', keyBlock: null }
  }
}

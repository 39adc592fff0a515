import type { MacAlgorithm } from '../iso8583/mac.ts'
import { freshKey, type RandomBytes } from './fresh-key.ts'
import { wrapKey } from './key-block.ts'
import { keyLength, type SecretKey } from './secret-key.ts'
import { MAC_CIPHER } from './terminal-key.ts'

/** Usage of the key in its block: M3 retail MAC in version B, M6 CMAC in version D (docs/spec/terminal.md, section 7). */
const USAGE = { retail: 'M3', 'aes-cmac': 'M6' } as const satisfies Record<MacAlgorithm, string>

export type SessionKey = {
  readonly key: SecretKey
  /** For DE 48 of the 0810: 96 characters of version B, 144 of version D. */
  readonly block: string
}

/** A fresh MAC key of 16 or 32 bytes for a terminal, and its key block, mode C, not to be exported. Null: the KBPK cannot protect it. */
export function newSessionKey(
  mac: MacAlgorithm,
  bytes: number,
  kbpk: SecretKey,
  random: RandomBytes,
): SessionKey | null {
  if (kbpk.algorithm !== MAC_CIPHER[mac] || keyLength(kbpk) < bytes) return null
  const key = freshKey(MAC_CIPHER[mac], bytes, random)
  return { key, block: sessionBlock(mac, kbpk, key, random) }
}

/** A key block of an existing session key; its bytes differ each time. */
export function sessionBlock(mac: MacAlgorithm, kbpk: SecretKey, key: SecretKey, random: RandomBytes): string {
  const attributes = { usage: USAGE[mac], mode: 'C', keyVersion: '00', exportability: 'N', optionalBlocks: [] } as const
  return wrapKey(attributes, kbpk, key, random)
}

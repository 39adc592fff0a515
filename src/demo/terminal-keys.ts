import { randomBytes } from 'node:crypto'
import type { DemoTerminal } from './setting.ts'
import { checkValue } from '../keys/check-value.ts'
import type { MasterKey } from '../keys/master-key.ts'
import { secretKey } from '../keys/secret-key.ts'
import { wrapForStorage } from '../keys/stored-key.ts'
import { type LoadedPurpose, MAC_CIPHER } from '../keys/terminal-key.ts'
import type { WrappedKey } from '../db/sql/terminal-keys.ts'

/** The public keys of a demo terminal, as they are stored. */
export function demoKeysOf(master: MasterKey, terminal: DemoTerminal): WrappedKey[] {
  if (terminal.mac === 'none') return []
  const algorithm = MAC_CIPHER[terminal.mac]
  const given: Record<LoadedPurpose, string | null> = {
    mac: terminal.key,
    kbpk: terminal.kbpk,
    bdk: terminal.bdk,
  }
  return (Object.keys(given) as LoadedPurpose[]).flatMap((purpose) => {
    const hex = given[purpose]
    if (hex === null) return []
    const key = secretKey(algorithm, Buffer.from(hex, 'hex'))
    const place = { terminal: terminal.id, purpose, algorithm }
    const wrapped = wrapForStorage(master, place, key, randomBytes)
    return [{ ...place, checkValue: checkValue(key), master: master.id, wrapped }]
  })
}

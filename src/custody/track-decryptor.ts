import { hash } from 'node:crypto'
import { type Key, keyText } from '../core/key.ts'
import { aesKeyLength } from '../keys/aes-dukpt.ts'
import { decryptTrack, type DukptBase, type TrackRefusal } from '../keys/dukpt.ts'
import type { Ksn } from '../keys/ksn.ts'
import { isAlgorithm, type SecretKey } from '../keys/secret-key.ts'
import { dukptClaims, type DukptUse } from '../db/dukpt-uses.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import type { TrackDecryptor } from '../switch/track-decryptor.ts'
import type { KeyCache } from './key-cache.ts'

/** The text of DE 44 about DE 55: the faulty tag, or that the decrypted data are no track. */
const SAID = {
  scheme: 'tag C0',
  'ksn length': 'tag C0',
  'ksn counter': 'tag C0',
  cryptogram: 'tag C1',
  text: 'track',
} as const satisfies Record<TrackRefusal['reason'], string>

const refused = (what: string) => ({ kind: 'refused', what }) as const

/** Opens tracks with the base derivation keys of the terminals, and lets no key of a PIN pad serve two requests. */
export function createTrackDecryptor(
  access: Access,
  keys: KeyCache,
  trouble: (error: unknown) => void,
): TrackDecryptor & { readonly stop: () => Promise<void> } {
  const claims = dukptClaims(workerConnection(access))
  return {
    encrypts: (terminal) => keys.has(terminal, 'bdk'),
    async open(terminal, { ksn, cryptogram }, claim) {
      const bdk = keys.bdkOf(terminal)
      if (bdk === null) return refused('no key')
      const found = decryptTrack(baseOf(bdk), ksn, cryptogram)
      if (found.kind === 'refused') return refused(SAID[found.reason])
      if (claim !== null) {
        const ours = await claims.claim(useOf(found.ksn, claim)).catch(trouble)
        if (ours === undefined) return { kind: 'unknown' }
        if (!ours) return refused('key used')
      }
      return { kind: 'track', track: found.track }
    },
    stop: claims.stop,
  }
}

const useOf = ({ initialKeyId, counter }: Ksn, request: Key): DukptUse => ({
  device: initialKeyId.toString('hex'),
  counter,
  request: hash('sha256', keyText(request)).slice(0, 32),
})

/** Data keys as long as the base derivation key (X9.24-3 section 6.2.2 lets an acquirer choose). */
function baseOf(bdk: SecretKey): DukptBase {
  if (isAlgorithm(bdk, 'tdes')) return { scheme: 'tdes', bdk }
  if (isAlgorithm(bdk, 'aes')) return { scheme: 'aes', bdk, dataKey: aesKeyLength(bdk) }
  throw new Error('a key of no cipher')
}

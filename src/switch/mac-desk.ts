import { timingSafeEqual } from 'node:crypto'
import type { Terminal } from '../core/registry.ts'
import { mac, MAC_BYTES } from '../iso8583/mac.ts'
import type { Message } from '../iso8583/message.ts'
import { pack } from '../iso8583/pack.ts'
import type { Profile } from '../iso8583/profile.ts'

/** Checks the MACs of requests and puts them on answers, for the terminals that have a key. */
export type MacDesk = {
  /** True where the terminal has no key, or the message carries the MAC that its key gives. */
  readonly accepts: (profile: Profile, body: Buffer, request: Message, terminal: Terminal) => boolean
  /** Packs an answer, with the MAC of the terminal's key where it has one. */
  readonly seal: (profile: Profile, response: Message, terminal: Terminal | null) => Buffer
}

/** `openKey` unwraps what the registry holds sealed; opened keys stay in memory for as long as the registry has them. */
export function createMacDesk(openKey: (sealed: Uint8Array) => Buffer): MacDesk {
  const opened = new WeakMap<Terminal, Buffer>()
  const keyOf = (terminal: Terminal): Buffer | null => {
    if (terminal.sealedMacKey === null) return null
    const known = opened.get(terminal)
    if (known !== undefined) return known
    const key = openKey(terminal.sealedMacKey)
    opened.set(terminal, key)
    return key
  }

  return {
    accepts(profile, body, request, terminal) {
      const key = keyOf(terminal)
      if (key === null || terminal.mac === 'none') return true
      const given = request.fields[macField(request)]
      if (given === undefined) return false
      const covered = body.subarray(0, body.length - wireBytes(profile))
      return timingSafeEqual(mac(terminal.mac, key, covered), Buffer.from(given, 'hex'))
    },
    seal(profile, response, terminal) {
      const key = terminal === null ? null : keyOf(terminal)
      if (terminal === null || key === null || terminal.mac === 'none') return pack(profile, response)
      const field = macField(response)
      const withMac = (value: string): Buffer =>
        pack(profile, { ...response, fields: { ...response.fields, [field]: value } })
      const blank = withMac('00'.repeat(MAC_BYTES))
      const code = mac(terminal.mac, key, blank.subarray(0, blank.length - wireBytes(profile)))
      return withMac(code.toString('hex').toUpperCase())
    },
  }
}

/** The MAC is in 64, or in 128 where the bitmap has a secondary part; either is the last field of its message. */
function macField({ fields, secondaryBitmap }: Message): 64 | 128 {
  if (secondaryBitmap === true) return 128
  return Object.keys(fields).some((de) => Number(de) > 64 && fields[Number(de)] !== undefined) ? 128 : 64
}

const wireBytes = ({ encodings }: Profile): number => (encodings.binary === 'raw' ? MAC_BYTES : 2 * MAC_BYTES)

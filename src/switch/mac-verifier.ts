import { timingSafeEqual } from 'node:crypto'
import type { Terminal } from '../core/registry.ts'
import { mac, MAC_BYTES } from '../iso8583/mac.ts'
import type { Message } from '../iso8583/message.ts'
import { pack } from '../iso8583/pack.ts'
import type { Profile } from '../iso8583/profile.ts'
import { acceptable, isFirstUse, type MacKey, type MacKeys } from './mac-keys.ts'
import { isKeyExchange } from './network.ts'

/** Source of the MAC keys of terminals; implemented by the database. */
export type MacKeyBook = {
  /** The keys as last read, the newest first; none for a terminal without MAC. */
  readonly keysOf: (terminal: string) => MacKeys
  /** Reads the keys again, if they may have changed without a notification to this process. */
  readonly reread: (terminal: string) => Promise<void>
  /** Records the first message under a key, which ends the older ones. */
  readonly used: (terminal: string, key: MacKey, now: number) => Promise<void>
}

/** One request whose MAC is to be verified. */
export type MacCase = {
  readonly profile: Profile
  readonly body: Buffer
  readonly request: Message
  readonly terminal: Terminal
  /** The line it came on wants a MAC of everybody. */
  readonly wantsMac: boolean
  readonly now: number
}

/**
 * `key` is what the answer is MACed with: the one that the request's own MAC was made with. Null: it had none, or a wrong one,
 * and the answer carries none, or unknown terminals would be given MACs to choose from.
 */
export type MacVerdict = { readonly good: boolean; readonly key: MacKey | null }

/** Checks the MACs of requests and puts them on answers, for the terminals that have a key. */
export type MacVerifier = {
  /** Without waiting, for all but a bad MAC and the first message under a key: null then, and `settle` has to be asked. */
  readonly check: (about: MacCase) => MacVerdict | null
  readonly settle: (about: MacCase) => Promise<MacVerdict>
  /** The key of an answer that cannot wait: as of now, and nothing is recorded. */
  readonly keyFor: (about: MacCase) => MacKey | null
  /** Packs an answer, with a MAC where there is a key. */
  readonly seal: (profile: Profile, response: Message, terminal: Terminal | null, key: MacKey | null) => Buffer
}

export function createMacVerifier(book: MacKeyBook): MacVerifier {
  const verdict = (about: MacCase): MacVerdict & { readonly first: boolean } => {
    const { request, terminal, wantsMac, now } = about
    // A MAC that cannot be verified counts as none.
    if (terminal.mac === 'none') return { good: !wantsMac && !hasMac(request), key: null, first: false }
    const keys = book.keysOf(terminal.code)
    if (!terminal.macRequired && !wantsMac && !hasMac(request)) return { good: true, key: null, first: false }
    const key = matching(about, terminal.mac, acceptable(keys, now, isExchange(request)))
    if (key === null) return { good: false, key: null, first: false }
    return { good: true, key, first: isFirstUse(keys, key) }
  }

  return {
    check(about) {
      const { good, key, first } = verdict(about)
      return good && !first ? { good, key } : null
    },
    async settle(about) {
      // Another process may have handed out a key since: that is seen at once only by looking.
      let found = verdict(about)
      if (!found.good) {
        await book.reread(about.terminal.code)
        found = verdict(about)
      }
      const { good, key, first } = found
      if (good && first && key !== null) await book.used(about.terminal.code, key, about.now)
      return { good, key }
    },
    keyFor: (about) => verdict(about).key,
    seal(profile, response, terminal, key) {
      const layout = profile.textIn[terminal?.textForm.characterSet ?? 'ascii']
      if (terminal === null || key === null || terminal.mac === 'none') return pack(layout, response)
      const field = macField(response)
      const withMac = (value: string): Buffer =>
        pack(layout, { ...response, fields: { ...response.fields, [field]: value } })
      const blank = withMac('00'.repeat(MAC_BYTES))
      const code = mac(terminal.mac, key.bytes, blank.subarray(0, blank.length - wireBytes(profile)))
      return withMac(code.toString('hex').toUpperCase())
    },
  }
}

/** The key under which the message has its MAC where it has to be; null: none of these. */
function matching({ profile, body, request }: MacCase, algorithm: 'retail' | 'aes-cmac', keys: MacKeys): MacKey | null {
  const given = request.fields[macField(request)]
  if (given === undefined) return null
  const bytes = Buffer.from(given, 'hex')
  if (bytes.length !== MAC_BYTES) return null // a profile may have another idea of DE 64
  const covered = body.subarray(0, body.length - wireBytes(profile))
  return keys.find((key) => timingSafeEqual(mac(algorithm, key.bytes, covered), bytes)) ?? null
}

/** Whether there is a MAC in either element: a MAC in the wrong one counts as bad and not as missing. */
const hasMac = ({ fields }: Message): boolean => fields[64] !== undefined || fields[128] !== undefined

const isExchange = ({ mti, fields }: Message): boolean => mti.startsWith('080') && isKeyExchange(fields[70])

/** The MAC is in 64, or in 128 where the bitmap has a secondary part; either is the last field of its message. */
function macField({ fields, secondaryBitmap }: Message): 64 | 128 {
  if (secondaryBitmap === true) return 128
  return Object.keys(fields).some((de) => Number(de) > 64 && fields[Number(de)] !== undefined) ? 128 : 64
}

const wireBytes = ({ encodings }: Profile): number => (encodings.binary === 'raw' ? MAC_BYTES : 2 * MAC_BYTES)

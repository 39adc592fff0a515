import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { Registry, Store, Terminal } from '../../src/core/registry.ts'
import type { Request } from '../../src/core/request.ts'
import { createDeframer, encodeFrame, type FrameSettings } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { TRANSMISSION_WINDOW } from '../../src/messages/transmission-window.ts'
import { parseProfile, type Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { type AddressLimits, createAddresses } from '../../src/switch/addresses.ts'
import type { SwitchParts } from '../../src/switch/handle.ts'
import { openListener, type Listener, type ListenerSettings } from '../../src/switch/listener.ts'
import { createMacVerifier } from '../../src/switch/mac-verifier.ts'
import type { Peer } from '../../src/switch/peer.ts'
import { createStoreDay } from '../../src/switch/store-day.ts'

/**
 * The listener and its lines over real sockets. The test provides `submit`, so that it decides when the engine answers.
 * Terminals T1 and T2 of store S1, T3 of store S2; KEY needs a MAC and has no key, SIGN must sign on.
 */

const file = 'config/iso8583/iso87-ascii.yaml'
export const ASCII = parseProfile(readFileSync(file, 'utf8'), file)
export const BE2: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 4096 }

/** When the messages of these tests were sent. */
const EVENING = Date.UTC(2026, 10, 22, 17, 30, 5)

const store = (code: string): Store => ({
  code,
  name: code,
  currency: 985,
  timeZone: 'UTC',
  open: true,
})
const terminal = (code: string, storeCode: string, more: Partial<Terminal> = {}): Terminal => ({
  code, storeCode, confirmation: 'none', mac: 'none', macRequired: true, active: true, openedBusinessDate: null,
  signOn: false, channel: 'terminal', textForm: { language: 'en', characterSet: 'ascii' }, ...more,
}) // prettier-ignore

const TERMINALS: readonly Terminal[] = [
  terminal('T1', 'S1'),
  terminal('T2', 'S1'),
  terminal('T3', 'S2'),
  terminal('KEY', 'S1', { mac: 'aes-cmac' }),
  terminal('SIGN', 'S1', { signOn: true }),
  terminal('KIOSK', 'S1', { channel: 'kiosk' }),
]

export type Surroundings = {
  readonly settings?: Partial<ListenerSettings>
  readonly bindings?: Registry['bindings']
  readonly limits?: Partial<AddressLimits>
  readonly parts?: Partial<Pick<SwitchParts, 'isOverloaded' | 'mayBeBooked' | 'nextId' | 'reader'>>
}

/** The events for log and metrics. */
export type Told = {
  readonly opened: Peer[]
  readonly closed: string[]
  readonly refused: string[]
  readonly refusedLines: string[]
  readonly throttled: string[]
  readonly throttledAddresses: string[]
  shed: number
}

const named = (number: string) => ({
  numberHash: number.padStart(32, '0'),
  otherHash: null,
  newestKey: 1,
  luhn: true,
  shown: number,
})

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export async function listening(
  t: Teardown,
  submit: SwitchParts['submit'],
  { settings = {}, bindings = new Map(), limits = {}, parts: own = {} }: Surroundings = {},
): Promise<{ listener: Listener; told: Told }> {
  const told: Told = {
    opened: [], closed: [], refused: [], refusedLines: [], throttled: [], throttledAddresses: [], shed: 0,
  } // prettier-ignore
  let id = 1_000_001
  const addresses = createAddresses(
    { allLines: 10_000, lines: 10_000, newLines: 10_000, refusalsPerMinute: 1000, ...limits },
    () => performance.now(),
    (address) => void told.throttledAddresses.push(address),
  )
  const registry: Registry = {
    version: 1,
    stores: new Map(['S1', 'S2'].map((code) => [code, store(code)])),
    terminals: new Map(TERMINALS.map((one) => [one.code, one])),
    issues: new Map(),
    accounts: new Map([['store_payable S1 985', 1]]),
    bindings,
  }
  const parts: SwitchParts = {
    registry: () => registry,
    submit,
    isOverloaded: () => false,
    mayBeBooked: () => false,
    closeDay: () => Promise.reject(new Error('not in these tests')),
    nextId: () => id++,
    reader: {
      stripe: () => null,
      number: named,
      barcode: named,
      ecodeHash: () => '0'.repeat(32),
    },
    macs: createMacVerifier({ keysOf: () => [], reread: async () => {}, used: async () => {} }),
    exchangeKey: () => Promise.resolve(null),
    tracks: { encrypts: () => false, open: () => Promise.reject(new Error('not in these tests')) },
    addresses,
    storeDay: createStoreDay(),
    // The messages of these tests are of that evening.
    now: () => EVENING,
    confirmTimeoutMs: 1000,
    lateConfirmWindowMs: () => 1000,
    cancelWindowMs: () => null,
    window: TRANSMISSION_WINDOW,
    watch: {
      answered: () => {},
      unanswered: (_trace, why) => void told.refused.push(`no answer: ${String(why)}`),
      refused: (_trace, _address, what) => void told.refused.push(what),
      shed: () => void told.shed++,
      throttled: (result) => void told.throttled.push(result),
    },
    ...own,
  }
  const listener = await openListener(
    {
      name: 'test', host: '127.0.0.1', port: 0, backlog: 16, maxLines: 100, profile: ASCII, frame: BE2,
      idleTimeoutMs: 60_000, frameTimeoutMs: 60_000, maxBadFrames: 10, maxInFlight: 8, isMutual: false, signOn: false, requireMac: false,
      certificates: null, proxyFrom: [], ...settings,
    }, // prettier-ignore
    parts,
    addresses,
    {
      frame: () => {},
      opened: (_line, peer) => void told.opened.push(peer),
      closed: (_line, _peer, why) => void told.closed.push(why),
      refused: (_listener, _address, why) => void told.refusedLines.push(why),
    },
  )
  t.teardown(() => listener.stop(100))
  return { listener, told }
}

export type Till = {
  readonly socket: Socket
  readonly answers: Message[]
  /** The TPDUs of the answers, in hex. */
  readonly tpdus: (string | null)[]
  readonly closed: Promise<unknown>
  /** Sends and waits for one more answer; DE39, with DE44 where there is one, or `silence` after so many ms. */
  readonly ask: (message: Message, timeoutMs?: number) => Promise<string>
}

export type Speech = {
  readonly profile?: Profile
  readonly frame?: FrameSettings
  readonly tpdu?: Buffer | null
  /** The data sent before the first frame, and before TLS. */
  readonly before?: Buffer
  readonly tls?: ConnectionOptions
}

/** A till that collects what it is answered. */
export async function till(listener: Listener, speech: Speech = {}): Promise<Till> {
  const { profile = ASCII, frame = BE2, tpdu = null } = speech
  const socket = await dial(listener, speech)
  const answers: Message[] = []
  const tpdus: (string | null)[] = []
  const deframer = createDeframer(frame)
  socket.on('data', (chunk: Buffer) => {
    deframer.push(chunk, (body, tpdu) => {
      const unpacked = unpack(profile, body)
      tpdus.push(tpdu && tpdu.toString('hex'))
      if (unpacked.ok) answers.push(unpacked.message)
    })
  })
  socket.on('error', () => {}) // a reset is one of the ways in which the switch may close
  return {
    socket,
    answers,
    tpdus,
    closed: new Promise((resolve) => socket.once('close', resolve)),
    async ask(message, timeoutMs = 3_000) {
      const before = answers.length
      socket.write(encodeFrame(frame, pack(profile, message), tpdu))
      await until(() => answers.length > before, timeoutMs)
      const answer = answers[before]
      return answer === undefined ? 'silence' : [answer.fields[39], answer.fields[44]].filter(Boolean).join(' ')
    },
  }
}

async function dial(listener: Listener, { before, tls }: Speech): Promise<Socket> {
  const socket = connect(listener.port, listener.host)
  await once(socket, 'connect')
  if (before !== undefined) socket.write(before)
  if (tls === undefined) return socket
  const secure: TLSSocket = connectTls({ ...tls, socket })
  await once(secure, 'secureConnect')
  return secure
}

export const paymentOf = (stan: number, terminal = 'T1', store = 'S1'): Message => ({
  mti: '0200',
  fields: {
    2: '6299100000000047', 3: '006000', 4: '000000000100', 7: '1122173005', 11: String(stan).padStart(6, '0'),
    12: '183005', 13: '1122', 22: '012', 41: terminal, 42: store, 49: '985',
  }, // prettier-ignore
})
export const network = (purpose: '001' | '002' | '301', terminal = 'T1'): Message => ({
  mti: '0800',
  fields: { 7: '1122173005', 11: '000001', 41: terminal, 70: purpose },
})
export const framed = (message: Message): Buffer => encodeFrame(BE2, pack(ASCII, message), null)
export const payment = (stan: number): Buffer => framed(paymentOf(stan))
export const echo = (): Buffer => framed(network('301'))

export const approve = async (_request: Request) => {
  await sleep(5)
  return { result: 'approved' as const, row: null }
}

/** Waits until it holds; a test that waits in vain says so by its own assertions. */
export async function until(what: () => boolean, ms = 30_000): Promise<void> {
  const end = performance.now() + ms
  while (!what() && performance.now() < end) await sleep(5)
}

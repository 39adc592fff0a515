import { readFileSync } from 'node:fs'
import Iso8583 from 'iso_8583'
import { pack } from '../src/iso8583/pack.ts'
import { parseProfile, type Profile } from '../src/iso8583/profile.ts'
import type { Message } from '../src/iso8583/message.ts'
import { unpack } from '../src/iso8583/unpack.ts'

/**
 * Pack and unpack against the `iso_8583` package, on the same messages in one run, so that the ratios hold on any
 * machine. The other profiles are printed beside it. Run: `node build/bench/codec.js`.
 */

const REQUEST: Message = {
  mti: '0200',
  fields: {
    3: '006000',
    4: '000000010000',
    7: '1122173005',
    11: '000017',
    12: '183005',
    13: '1122',
    22: '022',
    25: '00',
    35: '6299100000000047=49127220001234567',
    37: '632617000017',
    41: 'DEMO0001',
    42: '000000000000001',
    48: 'P',
    49: '985',
  },
}

const RESPONSE: Message = {
  mti: '0210',
  fields: {
    3: '006000',
    4: '000000010000',
    7: '1122173005',
    11: '000017',
    12: '183005',
    13: '1122',
    37: '632617000017',
    38: 'A7K2Q9',
    39: '00',
    41: 'DEMO0001',
    42: '000000000000001',
    49: '985',
    54: '6001985C0000000150006002985C000000015000',
  },
}

const NAMES = ['iso87-ascii', 'iso87-hex', 'iso87-bcd', 'iso87-ebcdic'] as const
const TURNS = 7
const TURN_MS = 60

/** Keeps the results, so that the compiler cannot leave out the measured calls. */
let seen = 0

/**
 * Nanoseconds that each call takes: the middle of its turns. The calls take turns, so that other load of the machine
 * affects all of them; one turn to warm up is not counted.
 */
function nanoseconds(calls: readonly (() => number)[]): number[] {
  const turns = Array.from({ length: TURNS + 1 }, () => calls.map(turn)).slice(1)
  return calls.map((_, i) => turns.map((turn) => turn[i] ?? NaN).sort((a, b) => a - b)[TURNS >> 1] ?? NaN)
}

function turn(call: () => number): number {
  const start = process.hrtime.bigint()
  let calls = 0
  let spent = 0
  while (spent < TURN_MS * 1e6) {
    for (let i = 0; i < 200; i++) seen += call()
    calls += 200
    spent = Number(process.hrtime.bigint() - start)
  }
  return spent / calls
}

const textOf = (name: string): string =>
  readFileSync(new URL(`../../config/iso8583/${name}.yaml`, import.meta.url), 'utf8')
const profileOf = (name: (typeof NAMES)[number]): Profile =>
  parseProfile(textOf(name), name, new Map([['iso87-ascii', textOf('iso87-ascii')]]))

const ascii = profileOf('iso87-ascii')
const profiles = [ascii, ...NAMES.slice(1).map(profileOf)]

function theirs(message: Message): { packs: () => number; unpacks: () => number } {
  const json = (): Record<string, string> => ({ 0: message.mti, ...(message.fields as Record<number, string>) })
  const bytes = pack(ascii, message)
  // It always sends a secondary bitmap.
  const same = pack(ascii, { ...message, secondaryBitmap: true })
  const written = new Iso8583(json()).getRawMessage()
  if (!Buffer.isBuffer(written) || !written.equals(same)) throw new Error('the two codecs write different bytes')
  return {
    packs() {
      const packed = new Iso8583(json()).getRawMessage()
      return Buffer.isBuffer(packed) ? packed.length : NaN
    },
    unpacks: () => ('error' in new Iso8583().getIsoJSON(bytes, { lenHeader: false }) ? NaN : 1),
  }
}

/** Columns of a table. */
const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i ? cell.padStart(12) : cell.padEnd(26))).join('')

console.log(row(['ns per message', 'pack', 'unpack', 'bytes']))
for (const message of [REQUEST, RESPONSE]) {
  const peer = theirs(message)
  const wires = profiles.map((profile) => pack(profile, message))
  const packs = nanoseconds([peer.packs, ...profiles.map((profile) => () => pack(profile, message).length)])
  const unpacks = nanoseconds([
    peer.unpacks,
    ...profiles.map((profile, i) => {
      const bytes = wires[i] ?? Buffer.alloc(0)
      return () => (unpack(profile, bytes).ok ? 1 : NaN)
    }),
  ])
  console.log(`${message.mti}, ${Object.keys(message.fields).length} fields`)
  for (const [i, name] of ['iso_8583', ...NAMES].entries()) {
    const size = wires[i - 1]?.length ?? ''
    console.log(row([`  ${name}`, packs[i]?.toFixed(0) ?? '', unpacks[i]?.toFixed(0) ?? '', String(size)]))
  }
  const ratio = ([peer = NaN, ours = NaN]: readonly number[]): string => `${(peer / ours).toFixed(1)}x`
  console.log(row(['  ratio of iso87-ascii', ratio(packs), ratio(unpacks)]))
}
if (Number.isNaN(seen)) throw new Error('a message was refused')

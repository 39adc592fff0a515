/** A proxy that disturbs connections on purpose: delays, cuts, duplicates. */

import { cursorOn } from '../../src/iso8583/cursor.ts'
import type { FrameLength } from '../../src/iso8583/frame.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { doorOf } from '../control/door.ts'
import { keeperOf } from '../control/door-keeper.ts'
import { rulesWith } from '../control/draw.ts'
import { ownProfile } from '../describe/profiles.ts'
import { seeded } from '../random.ts'
import type { Address } from '../terminal/address.ts'
import { type Direction, fitsFrame, type GremlinRule, parseGremlinRule, parseGremlinRules } from './faults.ts'
import { carryLine } from './line.ts'
import { prefixSize, unitCutter } from './units.ts'

export type GremlinSettings = {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly target: Address
  /** The framing; `none`: each read is one unit. */
  readonly length: FrameLength | 'none'
  /** Bytes between length and MTI. */
  readonly tpdu: 0 | 5
  /** Reads the MTI, for rules that name some. */
  readonly profile: Profile
  readonly rules: readonly GremlinRule[]
  readonly seed: number
}

/** A proxy to a target on this machine, without rules: the settings that tests begin from. */
export function usualGremlin(target: Address): GremlinSettings {
  const profile = ownProfile('iso87-ascii')
  return { host: '127.0.0.1', port: 0, target, length: 'be2', tpdu: 0, profile, rules: [], seed: 1 }
}

export type GremlinState = {
  readonly line: string
  readonly lines: number
  readonly opened: number
  /** Received frames, by direction. */
  readonly frames: Readonly<Record<Direction, number>>
  readonly rules: readonly { readonly rule: GremlinRule; readonly happened: number }[]
}

export type Gremlin = {
  readonly host: string
  readonly port: number
  /** `halve to=client percent=5`, one for each rule; none: everything passes. Throws a SetUpError. */
  readonly setRules: (rules: readonly string[]) => void
  /** `up`, `down` (connections are refused, lines cut), `flapping up=500 down=500`. Throws a SetUpError. */
  readonly line: (state: string) => Promise<void>
  readonly state: () => GremlinState
  readonly stop: () => Promise<void>
}

const PASS = parseGremlinRule('pass')

/** A proxy that applies its rules to frames. */
export async function startGremlin(settings: GremlinSettings): Promise<Gremlin> {
  const { profile, length, tpdu, target } = settings
  const random = seeded(settings.seed)
  const rules = rulesWith(settings.rules, random)
  const prefix = prefixSize(length)
  const frames = { server: 0, client: 0 }

  const mtiOf = (frame: Buffer): string | null => {
    const cursor = cursorOn(frame.subarray(prefix + tpdu))
    const mti = profile.mti.read(cursor)
    return cursor.fault === null ? mti : null
  }
  const ruleFor = (frame: Buffer, direction: Direction): GremlinRule => {
    frames[direction]++
    return rules.draw((rule) => fitsFrame(rule, direction, rule.on.length === 0 ? null : mtiOf(frame))) ?? PASS
  }
  const parts = { target, prefix, cutter: () => unitCutter(length), ruleFor, random }
  const { host, port } = settings
  const door = doorOf({ host, port, tls: null, allowHalfOpen: true, welcome: (socket) => carryLine(socket, parts) })
  const keeper = keeperOf(door)
  await keeper.tell('up')
  return {
    host,
    port: door.port(),
    setRules: (texts) => rules.set(parseGremlinRules(texts)),
    line: keeper.tell,
    state: () => ({
      line: keeper.told(),
      lines: door.lines(),
      opened: door.opened(),
      frames: { ...frames },
      rules: rules.told(),
    }),
    stop: () => keeper.tell('down'),
  }
}

/** A simulated upstream host. */

import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { FrameSettings } from '../../src/iso8583/frame.ts'
import { doorOf } from '../control/door.ts'
import { keeperOf } from '../control/door-keeper.ts'
import { rulesWith } from '../control/draw.ts'
import { ownProfile } from '../describe/profiles.ts'
import { seeded } from '../random.ts'
import type { Message } from '../terminal/message.ts'
import { originalMti } from '../terminal/operations.ts'
import { acts, type Turn } from './acts.ts'
import { type Book, newBook } from './book.ts'
import { cardsUnder, type HostCard, PARTNER_PREFIX } from './cards.ts'
import { fitsRule, type HostRule, parseHostRule, parseHostRules } from './faults.ts'
import { type Journal, journalOf } from './journal.ts'
import { type HostLine, lineOn } from './lines.ts'
import { decline, refuse, respond } from './respond.ts'
import { type Wire, wireOf } from '../terminal/wire.ts'

export type HostSettings = {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly frame: FrameSettings
  readonly wire: Wire
  readonly cards: readonly HostCard[]
  readonly rules: readonly HostRule[]
  /** The seed of the rules' random draws. */
  readonly seed: number
  /** Whether a line must sign on (0800, 001) before it is served; else 58. */
  readonly signOn: boolean
  readonly tls: TlsOptions | null
}

/** A host of the partner's cards on a free port of this machine, without faults: the settings that tests begin from. */
export function usualHost(): HostSettings {
  return {
    host: '127.0.0.1',
    port: 0,
    frame: { length: 'be2', tpdu: 'none', maxFrame: 4096 },
    wire: wireOf(ownProfile('iso87-ascii'), null),
    cards: cardsUnder(PARTNER_PREFIX),
    rules: [],
    seed: 1,
    signOn: false,
    tls: null,
  }
}

export type HostState = {
  readonly line: string
  readonly lines: number
  readonly opened: number
  /** Requests by MTI, repeats apart. */
  readonly received: Readonly<Record<string, number>>
  readonly answered: number
  /** Unreadable messages and messages that are not requests. */
  readonly unreadable: number
  readonly rules: readonly { readonly rule: HostRule; readonly happened: number }[]
  /** Requests that were forgotten to make room for newer ones. */
  readonly forgotten: number
}

export type Host = {
  readonly host: string
  readonly port: number
  readonly cards: readonly HostCard[]
  /** `late ms=3000 on=0200`, one for each rule; none: no faults any more. Throws a SetUpError. */
  readonly setRules: (rules: readonly string[]) => void
  /** `up`, `down`, `flapping up=500 down=500`. Throws a SetUpError. */
  readonly line: (state: string) => Promise<void>
  readonly journal: () => Journal
  readonly state: () => HostState
  readonly stop: () => Promise<void>
}

/** Requests remembered; the oldest are forgotten first. Half a kilobyte each. */
const MOST_ENTRIES = 500_000
const NORMAL = parseHostRule('normal')
const NOT_SIGNED_ON = '58'

export async function startHost(settings: HostSettings): Promise<Host> {
  const { wire, cards, host: address, port, tls } = settings
  const rules = rulesWith(settings.rules, seeded(settings.seed))
  const book = newBook(cards)
  const timers = newTimers()
  const turns = turnsOf(book, wire, timers.later)
  const received: Record<string, number> = {}
  let unreadable = 0

  const take = (line: HostLine, body: Buffer, tpdu: Buffer | null) => {
    const read = wire.read(body)
    if (!read.ok) return void unreadable++
    const { message } = read
    received[message.mti] = (received[message.mti] ?? 0) + 1
    const isNetwork = originalMti(message.mti) === '0800'
    if (isNetwork && message.fields[70] === '001') line.signedOn = true
    const turn = turns.turnOf(rules.draw((rule) => fitsRule(rule, message)) ?? NORMAL, message, line, tpdu)
    if (settings.signOn && !line.signedOn && !isNetwork) return turn.send(decline(message, NOT_SIGNED_ON))
    acts[turn.rule.fault](turn)
  }

  const welcome = (socket: Socket) => lineOn(socket, settings.frame, take)
  const door = doorOf({ host: address, port, tls, allowHalfOpen: false, welcome })
  const keeper = keeperOf(door)
  await keeper.tell('up')
  return {
    host: address,
    port: door.port(),
    cards,
    setRules: (texts) => rules.set(parseHostRules(texts)),
    line: keeper.tell,
    journal: () => journalOf(book),
    state: () => ({
      line: keeper.told(),
      lines: door.lines(),
      opened: door.opened(),
      received: { ...received },
      unreadable,
      rules: rules.told(),
      ...turns.counts(),
    }),
    stop: async () => {
      await keeper.tell('down')
      timers.clear()
    },
  }
}

/** Timers that end with the host. */
function newTimers() {
  const timers = new Set<NodeJS.Timeout>()
  return {
    later: (ms: number, what: () => void): void => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        what()
      }, ms)
      timers.add(timer)
    },
    clear: () => timers.forEach(clearTimeout),
  }
}

/** The ways in which a rule can answer a request: decided, whole or in part, late, or crossed with the next one. */
function turnsOf(book: Book, wire: Wire, later: (ms: number, what: () => void) => void) {
  /** An answer that waits for the next one on its line, to go out after it. */
  const held = new WeakMap<HostLine, Message>()
  let answered = 0
  let forgotten = 0

  const decided = (message: Message): Message | null => {
    const answer = respond(book, message)
    for (const key of book.entries.keys()) {
      if (book.entries.size <= MOST_ENTRIES) break
      book.entries.delete(key)
      forgotten++
    }
    return answer
  }
  const put = (answer: Message | null, how: (bytes: Buffer) => void) => {
    if (answer === null) return
    const packed = wire.write(answer)
    if (!packed.ok) throw new Error(`an answer of the host's own cannot be packed: ${packed.reason}`)
    answered++
    how(packed.bytes)
  }
  const turnOf = (rule: HostRule, message: Message, line: HostLine, tpdu: Buffer | null): Turn => {
    const send = (answer: Message | null) => put(answer, (bytes) => line.send(bytes, tpdu))
    return {
      rule,
      answer: () => decided(message),
      decline: (code) => refuse(book, message, code),
      send,
      sendHalf: (answer) => put(answer, (bytes) => line.sendHalf(bytes, tpdu)),
      sendGarbage: (answer) => put(answer, (bytes) => line.send(bytes.subarray(0, bytes.length >> 1), tpdu)),
      close: line.close,
      later,
      hold: (answer, ms) => {
        const other = held.get(line) ?? null
        if (other !== null) held.delete(line)
        else {
          held.set(line, answer)
          later(ms, () => {
            if (held.get(line) !== answer) return
            held.delete(line)
            send(answer)
          })
        }
        return other
      },
    }
  }
  return { turnOf, counts: () => ({ answered, forgotten }) }
}

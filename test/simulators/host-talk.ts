import { cardsUnder, PARTNER_PREFIX, trackOf } from '../../simulators/host/cards.ts'
import { type HostSettings, startHost, usualHost } from '../../simulators/host/host.ts'
import { parseHostRule } from '../../simulators/host/faults.ts'
import type { Fields } from '../../simulators/terminal/fields.ts'
import { openLine, type Reply } from '../../simulators/terminal/line.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { packMessage, readMessage } from '../../simulators/terminal/dialect.ts'

type Test = { readonly teardown: (handler: () => Promise<void>) => void }

const CARDS = cardsUnder(PARTNER_PREFIX)

/** The received answer: DE39, with DE44 if present, `silence`, `closed` or `unreadable`. */
const inWord = (reply: Reply): string => {
  if (reply.kind !== 'answer') return reply.kind
  const read = readMessage(reply.bytes)
  if (!read.ok) return 'unreadable'
  const { 39: code = '', 44: reason } = read.message.fields
  return reason === undefined ? code : `${code} ${reason.trimEnd()}`
}

const codes = { payment: '006000', sale: '900060', 'top-up': '210060', refund: '200060', balance: '316000' } as const
// An answer that has to come is waited for longer than a busy machine stands still.
const ANSWER_MS = 30_000
const SILENCE_MS = 300

/** A host and one line to it, on which requests are short to write. Cards are named by their place in the set. */
export async function hostTalk(t: Test, rules: readonly string[] = [], settings: Partial<HostSettings> = {}) {
  const host = await startHost({ ...usualHost(), ...settings, rules: rules.map(parseHostRule) })
  t.teardown(host.stop)
  const opened = await openLine(usualPeer(host))
  if (!opened.ok) throw new Error(opened.reason)
  const { line } = opened
  t.teardown(() => line.close('close'))

  const ask = async (mti: string, trace: number, fields: Fields, waitMs = ANSWER_MS): Promise<Reply> => {
    const stan = String(trace).padStart(6, '0')
    const stamp = { 7: '1125093000', 11: stan, 12: '103000', 13: '1125', 41: 'UP000001', 42: '000000000000001' }
    const packed = packMessage({ mti, fields: { ...stamp, ...fields } }, 'single')
    if (!packed.ok) throw new Error(packed.reason)
    return line.ask(packed.bytes, `UP000001/${stan}`, waitMs)
  }
  /** Minor units. `card` from 0: sold up to 19, then unsold up to 24, 25 blocked, 26 expired, 27 with nothing on it. */
  const money = (operation: keyof typeof codes, card: number, amount: number, more: Fields = {}): Fields => {
    const found = CARDS[card]
    if (found === undefined) throw new Error(`there is no card ${card}`)
    const what = operation === 'balance' ? {} : { 4: String(amount).padStart(12, '0') }
    return { 3: codes[operation], ...what, 22: '022', 35: trackOf(found), 49: '985', ...more }
  }
  const about = (mti: string, trace: number): Fields => {
    const original = `${mti}${String(trace).padStart(6, '0')}1125093000`
    return { 3: '006000', 90: original.padEnd(42, '0') }
  }
  const say = async (mti: string, trace: number, fields: Fields) => inWord(await ask(mti, trace, fields))
  /** The same for a request that is to get no answer. */
  const saySilent = async (mti: string, trace: number, fields: Fields) =>
    inWord(await ask(mti, trace, fields, SILENCE_MS))
  return {
    host,
    ask,
    say,
    saySilent,
    money,
    about,
    balanceOf: (card: number) => host.journal().cards[card]?.balance,
    stateOf: (trace: number, mti = '0200') =>
      host.journal().entries.find((one) => one.kind === mti && Number(one.trace) === trace)?.state,
  }
}

// Stories: a till's talk with the switch as one line per message, so that a case reads as the document does.
//
//   A=payment 100 sold            -> 00 50/50         a payment of 100.00, leaving ledger 50.00 and available 50.00
//   confirm A                     -> 00
//   repeat A                      -> same             an x1 with the same key: byte-identical to A's answer
//   topup 9.99 sold at=DEMO0004   -> 13 MIN           by another terminal
//   payment 10 sold 42=... -49    -> ...              with an element replaced, with one left out
//   A=later payment 10 sold                           built, to be sent by `again A` or `repeat A`
//   restart SIGKILL                                   the switch ends, starts again, and the tills connect again
//
// Left of the arrow: [label=]verb, then in any order amounts, a card, a way to present it, flags, `at=` and elements.
// Right: DE39, DE44, ledger/available of DE54, `took=` (DE4), `asked=` (57 of DE54); `|` between allowed answers.
import type { Test } from 'tap'
import type { Akart, Card, CardKind } from './akart.ts'
import type { Answer } from './line.ts'
import { isWay, present, type Way } from './present.ts'
import { readBalances, ruleFaults } from './rules.ts'
import { openTill, type Till } from './till.ts'
import type { Fields, Message } from './wire.ts'

type Sent = { readonly till: Till; readonly request: Message; readonly answer: Answer }
/** The state of a story: its labelled messages, and its cards by name. */
type Scene = { readonly sent: Map<string, Sent>; readonly cardOf: (name: string) => Card }
type Words = {
  readonly verb: string
  readonly later: boolean
  readonly label?: string
  readonly amount?: string
  readonly subject?: string
  readonly card?: string
  readonly way?: Way
  readonly at: string
  readonly elements: Fields
}

/** MTI and DE3 of the operations that a till starts. */
const operations: Readonly<Record<string, readonly [mti: string, code: string]>> = {
  payment: ['0200', '006000'],
  sale: ['0200', '900060'],
  nominal: ['0200', '930060'],
  topup: ['0200', '210060'],
  refund: ['0200', '200060'],
  cashout: ['0200', '616000'],
  balance: ['0100', '316000'],
  advice: ['0220', '006000'],
}
/** Those that name an original in DE90. */
const followUps: Readonly<Record<string, string>> = { confirm: '0202', cancel: '0400', reverse: '0420' }

const cardKinds: readonly CardKind[] = ['sold', 'sellable', 'blocked', 'expired', 'inactive', 'gift', 'giftNew']
const kindOf = (word: string): CardKind | undefined => cardKinds.find((kind) => word.replace(/\d$/, '') === kind)
const minor = (amount: string): number => Math.round(Number(amount) * 100)
const n12 = (amount: string): string => String(minor(amount)).padStart(12, '0')

const readWords = (text: string): Words => {
  const [first = '', ...rest] = text.trim().split(/\s+/)
  const [label, labelled = ''] = first.includes('=') ? first.split('=') : [undefined, first]
  const later = labelled === 'later'
  const verb = later ? (rest.shift() ?? '') : labelled
  const pair = (word: string): readonly [string, string] | undefined => {
    const found = /^(\d+|at|receipt)=(.*)$/.exec(word)
    return found === null ? undefined : [found[1] ?? '', found[2] ?? '']
  }
  const elements: Record<number, string | undefined> = {}
  for (const word of rest) {
    const [name = '', value = ''] = pair(word) ?? []
    if (/^\d+$/.test(name)) elements[Number(name)] = value.replaceAll('_', ' ')
    if (/^-\d+$/.test(word)) elements[Number(word.slice(1))] = undefined
    if (word === 'partial') elements[48] = 'P'
    if (word === 'onto-new') elements[48] = ' N'
  }
  const amount = rest.find((word) => /^\d+(\.\d\d)?$/.test(word))
  const subject =
    rest.find((word) => /^[A-Z]$/.test(word)) ?? rest.find((word) => word.startsWith('receipt='))?.slice(8)
  const card = rest.find((word) => kindOf(word) !== undefined)
  const way = rest.find(isWay)
  return {
    verb,
    later,
    at: rest.find((word) => word.startsWith('at='))?.slice(3) ?? '',
    elements,
    ...(label === undefined ? {} : { label }),
    ...(amount === undefined ? {} : { amount }),
    ...(subject === undefined ? {} : { subject }),
    ...(card === undefined ? {} : { card }),
    ...(way === undefined ? {} : { way }),
  }
}

/** DE90 of something that names this original. */
export const originalOf = (request: Message): string =>
  `${request.mti.slice(0, 3)}${Number(request.mti[3]) & ~1}${request.fields[11] ?? ''}${request.fields[7] ?? ''}${'0'.repeat(22)}`

const build = (words: Words, till: Till, subject: Sent | undefined, cardOf: (name: string) => Card): Message => {
  const card = words.card === undefined ? {} : present(words.way ?? 'swipe', cardOf(words.card))
  const amount = words.amount === undefined ? {} : { 4: n12(words.amount) }
  const followUp = followUps[words.verb]
  if (followUp !== undefined && subject !== undefined) {
    const original = { 3: subject.request.fields[3], 90: originalOf(subject.request) }
    return till.message(followUp, { ...original, ...amount, ...card, ...words.elements })
  }
  if ((words.verb === 'repeat' || words.verb === 'again') && subject !== undefined) {
    const { mti, fields } = subject.request
    const swapped =
      words.card === undefined ? fields : { ...fields, 2: undefined, 35: undefined, 45: undefined, 62: undefined }
    const repeated = mti.slice(0, 3) + String(Number(mti[3]) | (words.verb === 'repeat' ? 1 : 0))
    return { mti: repeated, fields: { ...swapped, ...amount, ...card, ...words.elements } }
  }
  const operation = operations[words.verb]
  if (operation === undefined) throw new Error(`no verb ${words.verb}`)
  const [mti, code] = operation
  const receipt = words.verb === 'refund' && subject !== undefined ? { 37: subject.answer.fields[37] } : {}
  return till.message(mti, { 3: code, 49: '985', ...amount, ...card, ...receipt, ...words.elements })
}

const expectedFaults = (expected: string, sent: Sent, subject: Sent | undefined): readonly string[] => {
  const { answer } = sent
  if (expected === 'same')
    return subject?.answer.bytes.equals(answer.bytes) === true ? [] : ['not byte-identical to the first answer']
  const [code = '', ...words] = expected.split(/\s+/)
  const reason = words.find((word) => /^[A-Z]/.test(word))
  const holds = words.find((word) => word.includes('/'))?.split('/')
  const valueOf = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)
  const took = valueOf('took')
  const asked = valueOf('asked')
  const balances = readBalances(answer.fields[54] ?? '')
  const want = (what: string, got: unknown, wanted: unknown): readonly string[] =>
    got === wanted ? [] : [`${what} is ${String(got)}, not ${String(wanted)}`]
  return [
    ...want(
      'DE39',
      `${answer.fields[39]} ${answer.fields[44] ?? ''}`.trim(),
      reason === undefined && code === '30' ? `30 ${answer.fields[44]}` : `${code} ${reason ?? ''}`.trim(),
    ),
    ...(answer.fields[54] === undefined ? [] : balances.faults),
    ...(holds === undefined ? [] : want('ledger', balances.ledger, minor(holds[0] ?? ''))),
    ...(holds === undefined ? [] : want('available', balances.available, minor(holds[1] ?? ''))),
    ...(took === undefined ? [] : want('DE4', answer.fields[4], n12(took))),
    ...(asked === undefined ? [] : want('DE54 57', balances.asked, minor(asked))),
    ...(code === '00' && answer.mti === '0210' && took === undefined && Number(sent.request.fields[4] ?? 0) > 0
      ? want('DE4', answer.fields[4], sent.request.fields[4])
      : []),
  ]
}

/** Stands in for the answer of a message that was built and not sent. */
const unanswered: Answer = { mti: '', fields: {}, bytes: Buffer.alloc(0) }

export type Stage = {
  /** Plays one story on cards of its own: every line is an assertion. */
  readonly play: (t: Test, title: string, story: string, terminal?: string) => Promise<void>
  /** The till of this name, opened once. */
  readonly till: (name: string) => Promise<Till>
  readonly close: () => void
}

/** A stage on one running switch. */
export const openStage = (akart: Akart): Stage => {
  const tills = new Map<string, Till>()
  const tillOf = async (name: string): Promise<Till> => {
    const till = tills.get(name) ?? (await openTill(akart, name))
    tills.set(name, till)
    return till
  }
  const restart = async (t: Test, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const code = await akart.stop(signal)
    t.equal(code, signal === 'SIGTERM' ? 0 : null, `ended by ${signal}`)
    await akart.start()
    for (const till of tills.values()) await till.reconnect()
  }
  const playLine = async (t: Test, line: string, terminal: string, scene: Scene): Promise<void> => {
    const [left = '', right = ''] = line.split('->')
    const words = readWords(left)
    if (words.verb === 'restart') return restart(t, left.includes('SIGKILL') ? 'SIGKILL' : 'SIGTERM')
    const subject = words.subject === undefined ? undefined : scene.sent.get(words.subject)
    const at = words.at === '' ? terminal : words.at
    const till = words.at === '' && subject !== undefined ? subject.till : await tillOf(at)
    const request = build(words, till, subject, scene.cardOf)
    const answer = words.later ? unanswered : await till.send(request)
    const step: Sent = { till, request, answer }
    if (words.label !== undefined) scene.sent.set(words.label, step)
    if (words.later) return
    const allowed = right.split('|').map((expected) => expectedFaults(expected.trim(), step, subject))
    const best = allowed.find((faults) => faults.length === 0) ?? allowed[0] ?? []
    t.same([...ruleFaults(request, answer), ...best], [], line.trim())
  }
  return {
    till: tillOf,
    play: async (t, title, story, terminal = 'DEMO0001') => {
      await t.test(title, async (t) => {
        const cards = new Map<string, Card>()
        const cardOf = (name: string): Card => {
          const card = cards.get(name) ?? akart.card(kindOf(name) ?? 'sold')
          cards.set(name, card)
          return card
        }
        const scene: Scene = { sent: new Map(), cardOf }
        for (const line of story.trim().split('\n')) await playLine(t, line, terminal, scene)
      })
    },
    close: () => {
      for (const till of tills.values()) till.line().end()
    },
  }
}

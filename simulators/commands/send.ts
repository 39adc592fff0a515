import pc from 'picocolors'
import type { DemoCard } from '../demo/cards.ts'
import { type DemoFiles, readDemo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAddress } from '../terminal/address.ts'
import { parseAmount } from '../terminal/amount.ts'
import { describeFields, describeHead, describeResult, isApproval } from '../terminal/describe.ts'
import { macProblem, packWithMac, readMessage } from '../terminal/dialect.ts'
import { maskedFields } from '../terminal/fields.ts'
import { type Line, matchKey, openLine } from '../terminal/line.ts'
import { DEFAULT_CURRENCY, followUpOf, type Message, requestFor } from '../terminal/message.ts'
import { type Entry, type OperationName, operations } from '../terminal/operations.ts'
import { stampClock } from '../terminal/stamp.ts'
import { chooseCard, chooseTerminal } from './choose.ts'

export type SendOptions = DemoFiles & {
  operation: OperationName
  target: string
  card: string | undefined
  /** The new card of a duplicate, named as `card` is. */
  onto: string | undefined
  /** DE25 of a block. */
  condition: BlockCondition
  issue: string
  amount: string | undefined
  terminal: string
  entry: Entry
  flags: string | undefined
  confirm: boolean
  json: boolean
}

const ANSWER_TIMEOUT_MS = 10_000
const UNCONFIRMED =
  'Not confirmed: unless an 0202 comes, the switch takes this back after two minutes. Next time: --confirm'

function chooseAmount({ operation, amount }: SendOptions): number | null {
  const wanted = operations[operation].amount
  if (amount === undefined) {
    if (wanted === 'asked') throw new SetUpError(`${operation} needs --amount, for instance --amount 100.00`)
    return null
  }
  const minor = parseAmount(amount)
  if (minor === null) throw new SetUpError(`--amount ${amount}: expected an amount such as 100.00`)
  return minor
}

export const blockConditions = ['00', '20', '41', '43'] as const
type BlockCondition = (typeof blockConditions)[number]

type Write = (line: string) => void

function show(message: Message, arrow: '→' | '←', note: string, json: boolean, write: Write): void {
  if (json) return write(JSON.stringify({ arrow, mti: message.mti, fields: maskedFields(message.fields) }))
  write(`${describeHead(message, arrow)}  ${pc.dim(note)}`)
  describeFields(message).forEach(write)
}

/** Sends one message and shows both; the answer's fields, or the reason why there is none. */
async function exchange(line: Line, message: Message, terminal: DemoTerminal, json: boolean, write: Write) {
  const packed = packWithMac(message, 'single', terminal)
  if (!packed.ok) throw new SetUpError(packed.reason)
  show(packed.message, '→', `${packed.bytes.length} bytes`, json, write)
  const reply = await line.ask(packed.bytes, matchKey(message.fields), ANSWER_TIMEOUT_MS)
  if (reply.kind === 'silence') throw new SetUpError(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)
  if (reply.kind === 'closed') throw new SetUpError('the switch closed the line instead of answering')
  const read = readMessage(reply.bytes)
  if (!read.ok) throw new SetUpError(`the answer cannot be read: ${read.reason}`)
  show(read.message, '←', `${reply.bytes.length} bytes, ${reply.ms.toFixed(1)} ms`, json, write)
  const mac = macProblem(reply.bytes, read.message, terminal)
  if (mac !== null) throw new SetUpError(`the answer is not to be believed: ${mac}`)
  if (!json) write(`${describeResult(read.message.fields)}\n`)
  return read.message.fields
}

/** What some messages need beside what all have: each of these would be answered 30 without. */
const ITS_OWN: Partial<Record<OperationName, (m: Message, o: SendOptions, cards: readonly DemoCard[]) => Message>> = {
  // One message knows nothing of the till's totals, which an 0500 must carry and an 0520 may.
  'end-of-day': (message) => ({ ...message, mti: '0520' }),
  block: (message, { condition }) => ({ ...message, fields: { ...message.fields, 25: condition } }),
  duplicate(message, { onto, issue }, cards) {
    if (onto === undefined) throw new SetUpError('duplicate needs --onto, for instance --onto sellable')
    return { ...message, fields: { ...message.fields, 103: chooseCard(onto, issue, cards, '--onto').number } }
  },
}

/** `akart-sim send`: one message typed by hand, and with --confirm its 0202. Exit code 0 when it was approved. */
export async function sendCommand(options: SendOptions, write: Write): Promise<number> {
  const target = parseAddress(options.target)
  const demo = readDemo(options)
  const terminal = chooseTerminal(options.terminal, demo.terminals)
  const needsCard = operations[options.operation].card
  if (needsCard && options.card === undefined)
    throw new SetUpError(`${options.operation} needs --card, for instance --card sold`)
  const card = options.card === undefined || !needsCard ? null : chooseCard(options.card, options.issue, demo.cards)
  const { operation, entry, flags = null } = options
  const ask = { operation, card, entry, amount: chooseAmount(options), currency: DEFAULT_CURRENCY, flags }
  const stamp = stampClock(Date.now)
  const usual = requestFor(ask, terminal, stamp(terminal.terminal))
  const request = ITS_OWN[operation]?.(usual, options, demo.cards) ?? usual
  const opened = await openLine(target)
  if (!opened.ok) throw new SetUpError(`${opened.reason}. Is the switch up? (make run)`)
  try {
    const answer = await exchange(opened.line, request, terminal, options.json, write)
    if (!isApproval(answer[39])) return 1
    if (!options.confirm) {
      if (terminal.confirmation === 'explicit' && request.mti === '0200' && !options.json) write(pc.dim(UNCONFIRMED))
      return 0
    }
    const confirmation = followUpOf('confirm', request, terminal, stamp(terminal.terminal))
    const confirmed = await exchange(opened.line, confirmation, terminal, options.json, write)
    return isApproval(confirmed[39]) ? 0 : 1
  } finally {
    await opened.line.close('close')
  }
}

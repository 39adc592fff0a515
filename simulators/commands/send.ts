import pc from 'picocolors'
import type { Argv } from 'yargs'
import { type DemoCard, maskNumber } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { withEdits } from '../send/edits.ts'
import { type Around, exchange, exchangeRaw, type Outcome, outcomeProblems, type Write } from '../send/exchange.ts'
import { expectationOf } from '../send/expect.ts'
import { type FollowUpName, followUpNames, readSaved, save, type Saved, savedFor, type ToSave } from '../send/saved.ts'
import { SetUpError } from '../set-up-error.ts'
import { chooseCard } from '../setup/card.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { type LineSetup, lineSetup } from '../setup/line-setup.ts'
import { withCard, withLine, withTerminals } from '../setup/options.ts'
import { parseAmount, toAmountField } from '../terminal/amount.ts'
import { isApproval } from '../terminal/describe.ts'
import { openLine } from '../terminal/line.ts'
import { cardFieldsOf, followUpOf, type Message, repeatOf, requestFor, usualEntry } from '../terminal/message.ts'
import { type Entry, entryNames, type OperationName, operationNames, operations } from '../terminal/operations.ts'
import { stampClock } from '../terminal/stamp.ts'

export const blockConditions = ['00', '20', '41', '43'] as const
type BlockCondition = (typeof blockConditions)[number]

export type SendOptions = LineOptions & {
  /** Undefined: only with `raw`. */
  operation: OperationName | FollowUpName | undefined
  card: string | undefined
  tracks: string | undefined
  ecode: string | undefined
  /** The new card of a duplicate, named as `card` is. */
  onto: string | undefined
  /** DE25 of a block. */
  condition: BlockCondition
  issue: string
  amount: string | undefined
  entry: Entry | undefined
  flags: string | undefined
  confirm: boolean
  /** The subject of a follow-up: the number of a saved request, or `last`. */
  of: string
  field: string[]
  without: string[]
  raw: string | undefined
  expect: string[]
  /** Seconds. */
  timeout: number
  saved: string
  json: boolean
}

export const sendOptions = <T>(args: Argv<T>) =>
  withCard(withTerminals(withLine(args)))
    .positional('operation', {
      choices: [...operationNames, ...followUpNames],
      describe: 'request to send, or what to do with an earlier one (--of)',
    })
    .option('onto', { type: 'string', describe: 'new card of a duplicate, named like --card' })
    .option('condition', {
      type: 'string',
      choices: blockConditions,
      default: '00' as const,
      describe: 'kind of block: 00 customer request, 20 suspicion, 41 lost, 43 stolen',
    })
    .option('issue', { type: 'string', default: 'OPEN', describe: 'which issue a state is of: OPEN, GIFT50' })
    .option('amount', { type: 'string', describe: 'for example 100.00' })
    .option('entry', { choices: entryNames, describe: 'entry mode of the card; default: its track' })
    .option('flags', { type: 'string', describe: 'DE48: P accepts partial approvals, " N" marks a new card' })
    .option('confirm', { type: 'boolean', default: false, describe: 'send the 0202 after an approval' })
    .option('of', {
      type: 'string',
      default: 'last',
      describe: 'original of confirm, reverse, cancel or repeat: a number of `akart-sim sent`',
    })
    .option('field', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'set a data element, for example 48=P',
    })
    .option('without', { type: 'string', array: true, default: [] as string[], describe: 'leave a data element out' })
    .option('raw', { type: 'string', describe: 'HEX of a message, sent unchanged after its length' })
    .option('expect', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'expected answer: 39=00, 38=present, 44=absent, none, closed',
    })
    .option('timeout', { type: 'number', default: 10, describe: 'seconds to wait for an answer' })
    .option('saved', { type: 'string', default: '.akart-sim/sent.jsonl', describe: 'FILE with the messages sent' })
    .option('json', { type: 'boolean', default: false, describe: 'JSON with masked card numbers, for programs' })
    .example('$0 send payment --card sold --amount 20.00', '')
    .example('$0 send reverse', 'what was sent last')
    .example('$0 send payment --card sold --amount 1.00 --without 22 --expect 39=30', 'exit code 0 when 30 comes')

const UNCONFIRMED =
  'Not confirmed: unless an 0202 comes, the switch takes this back after two minutes. Next time: --confirm, or now: akart-sim send confirm'

const isFollowUp = (name: string): name is FollowUpName => followUpNames.some((one) => one === name)

function chooseAmount({ amount }: SendOptions, operation: OperationName | null, currency: string): number | null {
  if (amount === undefined) {
    if (operation !== null && operations[operation].amount === 'asked')
      throw new SetUpError(`${operation} needs --amount, for instance --amount 100.00`)
    return null
  }
  const minor = parseAmount(amount, currency)
  if (minor === null) throw new SetUpError(`--amount ${amount}: expected an amount such as 100.00`)
  return minor
}

/** Elements that particular messages need; without them the answer is 30. */
const ITS_OWN: Partial<Record<OperationName, (m: Message, o: SendOptions, cards: readonly DemoCard[]) => Message>> = {
  // One message knows nothing of the till's totals, which an 0500 must carry and an 0520 may.
  'end-of-day': (message) => ({ ...message, mti: '0520' }),
  block: (message, { condition }) => ({ ...message, fields: { ...message.fields, 25: condition } }),
  duplicate(message, { onto, issue }, cards) {
    if (onto === undefined) throw new SetUpError('duplicate needs --onto, for instance --onto sellable')
    return { ...message, fields: { ...message.fields, 103: chooseCard(onto, { issue }, cards, '--onto').number } }
  },
}

/** A message to send, its sender and its subject. */
type Draft = {
  readonly operation: string
  readonly message: Message
  readonly terminal: DemoTerminal
  readonly card: DemoCard | null
  readonly entry: Entry
}

type Stamps = ReturnType<typeof stampClock>

function newRequest(operation: OperationName, options: SendOptions, setup: LineSetup, stamp: Stamps): Draft {
  const { demo, currency } = setup
  const terminal = setup.terminal ?? demo.terminals[0]
  if (terminal === undefined) throw new SetUpError('there is no terminal: --terminal and --store, or terminals.csv')
  const needsCard = operations[operation].card
  if (needsCard && options.card === undefined)
    throw new SetUpError(`${operation} needs --card, for instance --card sold`)
  const card = options.card === undefined || !needsCard ? null : chooseCard(options.card, options, demo.cards)
  const entry = options.entry ?? (card === null ? 'swipe' : usualEntry(card))
  const ask = {
    operation,
    card,
    entry,
    amount: chooseAmount(options, operation, currency),
    currency,
    flags: options.flags ?? null,
  }
  const usual = requestFor(ask, terminal, stamp(terminal.terminal))
  return { operation, message: ITS_OWN[operation]?.(usual, options, demo.cards) ?? usual, terminal, card, entry }
}

/** The card of a saved request: named again, or found in its row of cards.csv. */
function savedCard({ card, id }: Saved, options: SendOptions, { demo }: LineSetup): DemoCard | null {
  if (options.card !== undefined) return chooseCard(options.card, options, demo.cards)
  if (card === null) return null
  // cards.csv may have been made anew since: only the very card will do.
  const there = card.row === null ? undefined : demo.cards[card.row]
  const found = there !== undefined && maskNumber(there.number) === card.masked ? there : undefined
  if (found === undefined)
    throw new SetUpError(
      `request ${id} was about card ${card.masked}, which is kept nowhere: name it again with --card`,
    )
  return found
}

function followUp(what: FollowUpName, options: SendOptions, setup: LineSetup, stamp: Stamps): Draft {
  const saved = savedFor(what, options.of, readSaved(options.saved))
  const { request, answer } = saved
  const named = setup.terminal?.terminal ?? (request.fields[41] ?? '').trimEnd()
  const terminal = setup.demo.terminals.find((one) => one.terminal === named)
  if (terminal === undefined)
    throw new SetUpError(`terminal ${named} of request ${saved.id} is not known: --terminal, --store`)
  const base = { operation: what, terminal, entry: options.entry ?? saved.entry }
  if (what === 'repeat') {
    const card = savedCard(saved, options, setup)
    const again =
      card === null ? request : { ...request, fields: { ...request.fields, ...cardFieldsOf(card, base.entry) } }
    return { ...base, message: repeatOf(again, false), card }
  }
  const message = followUpOf(what, request, terminal, stamp(named))
  const amount = chooseAmount(options, null, request.fields[49] ?? setup.currency)
  // A partial approval is undone by the amount taken.
  const taken = answer?.fields[4]
  if (amount !== null) message.fields[4] = toAmountField(amount)
  else if (what !== 'confirm' && taken !== undefined) message.fields[4] = taken
  return { ...base, message, card: null }
}

function draftOf(options: SendOptions, setup: LineSetup, stamp: Stamps): Draft {
  const { operation } = options
  if (operation === undefined) throw new SetUpError('send what? An operation such as payment, or --raw HEX')
  const draft = isFollowUp(operation)
    ? followUp(operation, options, setup, stamp)
    : newRequest(operation, options, setup, stamp)
  return { ...draft, message: withEdits(draft.message, options.field, options.without) }
}

function rawOf(text: string): Buffer {
  const digits = text.replace(/[\s:]/g, '')
  if (digits === '' || !/^([0-9a-fA-F]{2})+$/.test(digits)) throw new SetUpError('--raw: expected bytes in hex')
  return Buffer.from(digits, 'hex')
}

/** The verdict: shown, and the exit code. Without `--expect` an approval is what should come. */
function ended({ json, write }: Around, outcome: Outcome, options: SendOptions, id: number | null): number {
  const expected = expectationOf(options.expect)
  const problems = expected === null ? outcome.problems : outcomeProblems(outcome, expected)
  const ok = problems.length === 0 && (expected !== null || isApproval(outcome.answer?.fields[39]))
  const { fields } = outcome.answer ?? { fields: {} as Message['fields'] }
  if (json) {
    const reason = fields[44]?.trimEnd() ?? null
    write(
      JSON.stringify({
        result: ok ? 'ok' : 'failed',
        id,
        code: fields[39] ?? null,
        reason,
        ms: outcome.reply.ms,
        problems,
      }),
    )
  } else {
    for (const problem of problems) write(pc.red(problem))
    if (expected !== null && ok) write(pc.green('as expected'))
  }
  return ok ? 0 : 1
}

/** `akart-sim send`: one message typed by hand, and with --confirm its 0202. Exit code 0 when it was as it should be. */
export async function sendCommand(options: SendOptions, write: Write): Promise<number> {
  const setup = lineSetup(options)
  const stamp = stampClock(Date.now)
  expectationOf(options.expect)
  const raw = options.raw === undefined ? null : rawOf(options.raw)
  const draft = raw === null ? draftOf(options, setup, stamp) : null
  const terminal = draft?.terminal ?? setup.terminal ?? setup.demo.terminals[0]
  if (terminal === undefined) throw new SetUpError('there is no terminal: --terminal and --store, or terminals.csv')
  const opened = await openLine(setup.peer)
  if (!opened.ok) throw new SetUpError(opened.reason)
  const { line } = opened
  const around: Around = {
    peer: setup.peer,
    line,
    terminal,
    timeoutMs: options.timeout * 1_000,
    json: options.json,
    write,
  }
  const { host, port } = setup.peer.address
  const keep = (what: Pick<Draft, 'operation' | 'message' | 'card' | 'entry'>, answer: Message | null): number => {
    const saved: ToSave = { ...what, request: what.message, target: `${host}:${port}`, answer }
    return save(options.saved, saved, setup.demo.cards, Date.now())
  }
  try {
    if (draft === null) return ended(around, await exchangeRaw(around, raw ?? Buffer.alloc(0)), options, null)
    const outcome = await exchange(around, draft.message)
    const code = ended(around, outcome, options, keep(draft, outcome.answer))
    const approved = draft.message.mti === '0200' && isApproval(outcome.answer?.fields[39])
    if (!options.confirm) {
      if (approved && terminal.confirmation === 'explicit' && !options.json) write(pc.dim(UNCONFIRMED))
      return code
    }
    if (!isApproval(outcome.answer?.fields[39])) return code
    const message = followUpOf('confirm', draft.message, terminal, stamp(terminal.terminal))
    const confirmed = await exchange(around, message)
    const id = keep({ ...draft, operation: 'confirm', message, card: null }, confirmed.answer)
    return Math.max(code, ended(around, confirmed, { ...options, expect: [] }, id))
  } finally {
    await line.close('close')
  }
}

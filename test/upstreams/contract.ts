import type { Test } from 'tap'
import type { TerminalOperation } from '../../src/core/operations.ts'
import { rowOf } from '../../src/core/outcome.ts'
import type { Routed } from '../../src/core/routed.ts'
import type { Transaction } from '../../src/core/transaction.ts'
import type { Fields, Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import type { UpstreamKind } from '../../src/upstreams/kind.ts'
import { requestFrom } from '../messages/setting.ts'

/** Card data that may be sent to a host only in the request in which it came. */
const CARD_DATA = [2, 35, 45, 62] as const
const FIXED = new Map([[32, '00000012345']])
const CARD = '6299170000000016'

const CODES: Readonly<Record<TerminalOperation, string>> = {
  payment: '006000', sale: '900060', top_up: '210060', refund: '200060', cash_out: '616000', balance: '316000',
  duplicate: '406060', block: '730000', unblock: '740000',
} // prettier-ignore

/** The rules for every kind of host, whatever its dialect. */
export function contract(t: Test, kind: UpstreamKind, profile: Profile): void {
  const operations = Object.keys(kind.operations) as TerminalOperation[]
  t.ok(operations.length > 0)

  for (const operation of operations) {
    const { message, row } = askedFor(operation)
    const sent = kind.request({ message, row, routed: ROUTED, original: null }, FIXED)
    const { fields } = onTheWire(profile, sent)
    t.equal(sent.mti, operation === 'balance' ? '0100' : '0200', `${operation}: a request, not a repeat`)
    t.equal(fields[3], kind.operations[operation] ?? CODES[operation], `${operation}: DE3`)
    t.match(fields, { 7: '1125101208', 11: '000017', 41: 'DEMO0001', 32: '00000012345' }, 'our numbers, what is fixed')
    t.equal(fields[49], '985')
    t.equal(fields[37], row.labels.rrn, 'our reference, by which answers are told apart')
    t.ok(
      CARD_DATA.some((de) => fields[de] !== undefined),
      'the card',
    )
  }

  const paid = paidBy(kind)
  const cancelled = kind.request(
    {
      message: cancellation(),
      row: cancelRow(),
      routed: { ...ROUTED, stan: 18 },
      original: { row: paid, routed: ROUTED },
    },
    FIXED,
  )
  t.equal(cancelled.mti, '0400')
  t.match(onTheWire(profile, cancelled).fields, {
    4: '000000001250', 11: '000018', 90: `02000000171125101208${'0'.repeat(22)}`,
  }) // prettier-ignore

  for (const [owed, repeat, mti] of [[420, false, '0420'], [420, true, '0421'], [202, false, '0202'], [202, true, '0203']] as const) {
    const followUp = { kind: owed, repeat, stan: 99, transmitted: 20261125101300, original: { row: paid, routed: ROUTED } }
    const told = kind.followUp(followUp, FIXED)
    const { fields } = onTheWire(profile, told)
    t.equal(told.mti, mti)
    t.match(fields, { 7: '1125101300', 11: '000099', 41: 'DEMO0001', 90: `02000000171125101208${'0'.repeat(22)}` })
    t.same(CARD_DATA.filter((de) => fields[de] !== undefined), [], 'no card: it is known by its original')
  } // prettier-ignore

  t.match(kind.read(answer({ 39: '00', 4: '000000001250', 38: 'AB12CD', 54: BALANCES }), 985), {
    outcome: 'approved', code: '00', amount: 1_250, approvalCode: 'AB12CD',
    balances: { ledger: 100, available: 90, currency: 985 },
  }) // prettier-ignore
  t.match(kind.read(answer({ 39: '00' }), 985), {
    outcome: 'approved',
    amount: null,
    approvalCode: null,
    balances: null,
  })
  t.match(kind.read(answer({ 39: '51' }), 985), { outcome: 'declined', result: 'exceeds_balance' })
  t.match(kind.read(answer({}), 985), { outcome: 'silent', code: null }, 'an answer without DE39 is none')
  for (const code of ['68', '91', '96']) t.match(kind.read(answer({ 39: code }), 985), { outcome: 'silent', code })
  for (let code = 0; code < 100; code++) {
    const { outcome } = kind.read(answer({ 39: String(code).padStart(2, '0') }), 985)
    t.ok(['approved', 'declined', 'silent'].includes(outcome), 'every code is something')
  }
  t.same(kind.acknowledges(answer({ 39: '00' }), 420), { acknowledged: true })
  t.same(kind.acknowledges(answer({ 39: '96' }), 420), { acknowledged: false, final: false, why: 'DE39 96' })
  t.same(kind.acknowledges(answer({}), 420), { acknowledged: false, final: false, why: 'DE39 missing' })
  const disputed = { acknowledged: false, final: true, why: 'DE39 00 CASE' }
  t.same(kind.acknowledges(answer({ 39: '00', 44: 'CASE' }), 420), disputed, 'it did not take it back')
  const reversedThere = { acknowledged: false, final: true, why: 'DE39 21 REVERSED' }
  t.same(
    kind.acknowledges(answer({ 39: '21', 44: 'REVERSED' }), 202),
    reversedThere,
    'what we confirm is reversed there',
  )
}

const BALANCES = '6001985C0000000001006002985C000000000090'
const answer = (fields: Fields): Message => ({ mti: '0210', fields })

const ROUTED: Routed = {
  id: 1_000_001,
  upstream: 'partner',
  confirms: true,
  card: '629917******0016',
  stan: 17,
  transmitted: 20261125101208,
  answerBy: null,
  hostCode: null,
  hostReference: null,
  lateCode: null,
  cancelling: null,
}

/** A terminal's request, and the row that it leaves. */
function askedFor(operation: TerminalOperation): { message: Message; row: Transaction } {
  const message: Message = {
    mti: operation === 'balance' ? '0100' : '0201',
    fields: {
      3: CODES[operation],
      ...(operation === 'balance' ? {} : { 4: '000000001250' }),
      7: '1122173005',
      11: '000555',
      12: '183005',
      13: '1122',
      22: '022',
      35: `${CARD}=4912722`,
      41: 'DEMO0001',
      42: '000000000000001',
      48: 'P',
      49: '985',
    },
  }
  const request = requestFrom(message)
  return {
    message,
    row: {
      ...rowOf(request, 'upstream_silent', { operation, state: 'pending' }),
      key: { ...request.key, kind: operation === 'balance' ? 100 : 200 },
    },
  }
}

function paidBy(kind: UpstreamKind): Transaction {
  const [operation] = Object.keys(kind.operations) as TerminalOperation[]
  const { row } = askedFor(operation ?? 'payment')
  return { ...row, state: 'unconfirmed', transfer: { debit: 1, credit: 2, amount: 1_250 } }
}

const cancellation = (): Message => ({
  mti: '0400',
  fields: {
    3: '006000', 7: '1122173010', 11: '000556', 12: '183010', 13: '1122', 41: 'DEMO0001', 42: '000000000000001',
    90: `02000005551122173005${'0'.repeat(22)}`,
  },
}) // prettier-ignore

const cancelRow = (): Transaction =>
  rowOf(requestFrom(cancellation()), 'upstream_silent', { operation: 'payment', state: 'pending' })

/** As the host reads it: packed by the profile and read again. */
function onTheWire(profile: Profile, message: Message): Message {
  const read = unpack(profile, pack(profile, message))
  if (!read.ok) throw new Error('a message of ours cannot be read')
  return read.message
}

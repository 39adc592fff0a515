import { hash } from 'node:crypto'
import t from 'tap'
import type { TextForm } from '../../src/core/registry.ts'
import { TERMINAL } from '../../src/core/channel.ts'
import { KIND } from '../../src/core/key.ts'
import type { Transaction } from '../../src/core/transaction.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { approvalCodeOf } from '../../src/messages/approval-code.ts'
import { toRefused } from '../../src/messages/to-request.ts'
import { toFormatError, toResponse, toUnparsable } from '../../src/messages/to-response.ts'
import { openBooks } from '../core/books.ts'
import { operationAsk, requestOf } from '../core/requests.ts'
import { accountOf, issueNamed, newCard, START } from '../core/setting.ts'
import { CONFIRMATION, PAYMENT, PAYMENT_ANSWER } from '../iso8583/example-messages.ts'
import { PROFILES } from '../iso8583/profiles.ts'
import { AROUND, changed, requestFrom } from './setting.ts'

const NUMBER = '6299100000000047'
const IN_POLISH: TextForm = { language: 'pl', characterSet: 'ascii' }

/** Books with the card of the example on which there are 250.00. */
function exampleBooks() {
  const books = openBooks()
  books.addCard(newCard('C1', issueNamed('OPEN')), `hash of ${NUMBER}`)
  const ask = operationAsk('sale', 'C1', 25_000, { contra: accountOf('store_receivable', 'S1') })
  const sale = requestOf(
    { ...ask, presented: { ...ask.presented, numberHash: `hash of ${NUMBER}` } },
    { id: 900_000, terminal: 'O1', kind: KIND.financial, stan: 1, at: START, day: null },
  )
  if (books.run(sale).result !== 'approved') throw new Error('the setting is not right')
  return books
}

t.test('the example of section 9, from bytes to bytes', async (t) => {
  const books = exampleBooks()
  for (const name of ['iso87-ascii', 'iso87-bcd'] as const) {
    const profile = PROFILES[name]
    const around = { id: AROUND.id, spareId: AROUND.spareId }
    const answers: string[] = []
    for (let i = 0; i < 2; i++) {
      const read = unpack(profile, pack(profile, i === 0 ? PAYMENT : changed(PAYMENT, 'mti=0201')))
      if (!read.ok) throw new Error(`${name}: what was packed cannot be read`)
      const { result, row } = books.run(requestFrom(read.message, around))
      const answer = toResponse(read.message, result, row, IN_POLISH)
      t.match(answer.fields[38], /^[0-9A-HJKMNP-TV-Z]{6}$/)
      const wanted = { ...PAYMENT_ANSWER, fields: { ...PAYMENT_ANSWER.fields, 38: answer.fields[38] } }
      t.equal(pack(profile, answer).toString('hex'), pack(profile, wanted).toString('hex'), name)
      answers.push(pack(profile, answer).toString('hex'))
    }
    t.equal(answers[0], answers[1], 'a repeat, byte for byte')
  }
  const confirmation = requestFrom(CONFIRMATION, { id: 1_000_003, spareId: 1_000_004 })
  const { result, row } = books.run(confirmation)
  t.same(toResponse(CONFIRMATION, result, row, IN_POLISH), {
    mti: '0212',
    fields: { 3: '006000', 7: '1122173007', 11: '000018', 12: '183007', 13: '1122', 37: '632617000018', 39: '00', 41: 'DEMO0001', 42: '000000000000001' },
  }) // prettier-ignore
})

t.test('what a message becomes', async (t) => {
  const rows: [Message, object][] = [
    [PAYMENT, { ask: { act: 'operation', operation: 'payment', amount: 10_000, currency: 985, contra: 2, partial: false } }],
    [PAYMENT, { at: AROUND.at, id: AROUND.id, confirmation: 'explicit', source: 'DEMO0001' }],
    [PAYMENT, { labels: { rrn: '632617000017', localTime: '1122183005', entryMode: '022', amount: 10_000, echo: null } }],
    [changed(PAYMENT, '48=P'), { ask: { partial: true, ontoNew: false } }],
    [changed(PAYMENT, 'mti=0220 48=P'), { ask: { partial: false } }], // an advice is booked whole or not
    [changed(PAYMENT, '48=_N'), { ask: { partial: false, ontoNew: false } }], // N is for refunds
    [changed(PAYMENT, '3=200060 48=PN'), { ask: { operation: 'refund', ontoNew: true, receipt: null, contra: 2 } }],
    [changed(PAYMENT, '3=200060 37=632617000017'), { ask: { receipt: '632617000017' }, labels: { rrn: '632617000017' } }],
    [changed(PAYMENT, '37=ABC_________'), { ask: { receipt: null }, labels: { rrn: 'ABC' } }],
    [changed(PAYMENT, '3=900060'), { ask: { operation: 'sale', contra: 1, nominal: false } }],
    [changed(PAYMENT, '3=930060 -4'), { ask: { operation: 'sale', nominal: true, amount: null } }],
    [changed(PAYMENT, '49=978'), { ask: { contra: null, currency: 978 } }],
    [changed(PAYMENT, '3=406060 103=6299100000000054'), { ask: { operation: 'duplicate', contra: null } }],
    [changed(PAYMENT, 'mti=0600 3=730000 25=20'), { ask: { operation: 'block', block: 'suspicion' } }],
    [changed(PAYMENT, '3=550000'), { ask: { act: 'refused', result: 'unsupported' } }],
    [changed(PAYMENT, '59=any_thing'), { labels: { echo: hash('sha256', 'any thing').slice(0, 32) } }],
    [CONFIRMATION, { ask: { act: 'confirmation', original: { kind: 200, stan: 17, transmitted: 20261122173005 } } }],
    [changed(CONFIRMATION, 'mti=0400 4=000000010000'), { ask: { act: 'cancellation', amount: 10_000, presented: null } }],
    [changed(CONFIRMATION, 'mti=0421'), { ask: { act: 'reversal', by: 'terminal', amount: null }, key: { kind: 420 } }],
  ] // prettier-ignore
  for (const [message, wanted] of rows) t.match(requestFrom(message), wanted, JSON.stringify(wanted))
})

t.test('what must be the same under one key, and what need not', async (t) => {
  const content = (changes: string, message = PAYMENT): string => requestFrom(changed(message, changes)).content
  t.match(content(''), /^[0-9a-f]{32}$/)
  for (const same of [
    'mti=0201',
    '12=183006',
    '13=1123',
    '37=ABC',
    '59=else',
    '35=6299100000000047=49127220000000000',
  ]) {
    t.equal(content(same), content(''), same)
  }
  t.equal(content('-35 2=6299100000000047 22=012'), content(''), 'the same card, keyed')
  const others = ['3=006001', '4=000000010001', '48=P', '49=978', '35=6299100000000054=49127220001234567']
  for (const other of others) t.not(content(other), content(''), other)
  const about = '90=020000001811221730050000000000000000000000'
  t.not(content(about, CONFIRMATION), content('', CONFIRMATION), '90')
  const contents = ['', ...others].map((changes) => content(changes))
  t.equal(new Set(contents).size, contents.length)
})

const ROW: Transaction = {
  id: 1_000_001,
  key: requestFrom(PAYMENT).key,
  content: '',
  at: 0,
  businessDate: '2026-11-22',
  labels: { ...requestFrom(PAYMENT).labels, approvalCode: 'A7K2Q9' },
  operation: 'payment',
  cardId: 1_000,
  transfer: { debit: 1_000, credit: 2, amount: 10_000 },
  sells: false,
  result: 'approved',
  originalId: null,
  balances: { ledger: 15_000, available: 15_000, currency: 985 },
  state: 'unconfirmed',
  undoneBy: null,
  confirmBy: 1,
  returned: 0,
  released: 0,
  finalAtOnce: false,
  requester: TERMINAL,
  role: 'books',
  forStore: null,
  cardSeq: null,
  otherSeq: null,
  availableSeq: null,
}

t.test('what the answer shows', async (t) => {
  const answer = (row: Partial<Transaction>, changes = '', result = row.result ?? ROW.result) =>
    toResponse(changed(PAYMENT, changes), result, { ...ROW, ...row }, { ...IN_POLISH, language: 'en' }).fields
  const BALANCES = '6001985C0000000150006002985C000000015000'

  t.same(answer({}), PAYMENT_ANSWER.fields, 'as in the example')
  t.match(answer({ result: 'exceeds_balance', transfer: null }), { 39: '51', 54: BALANCES, 63: 'Insufficient funds' })
  t.match(answer({ result: 'exceeds_balance', transfer: null }), { 38: undefined, 4: undefined, 44: undefined })
  t.match(answer({ result: 'unknown_card', transfer: null, balances: null }), { 39: '14', 54: undefined })
  const partial = answer({ result: 'approved_partially', labels: { ...ROW.labels, amount: 20_000 } })
  t.match(partial, {
    39: '10',
    4: '000000010000',
    54: `${BALANCES}6057985C000000020000`,
    63: 'Part of the amount was paid',
  })
  t.match(answer({}, '', 'original_reversed'), { 39: '21', 44: 'REVERSED', 4: undefined, 38: undefined, 54: undefined })
  for (const kind of [KIND.confirmation, KIND.reversal]) {
    t.match(answer({ key: { ...ROW.key, kind } }), { 39: '00', 4: undefined, 38: undefined, 54: undefined }, `${kind}`)
  }
  t.match(answer({ key: { ...ROW.key, kind: KIND.cancellation } }), { 4: '000000010000', 38: 'A7K2Q9', 54: BALANCES })
  t.match(answer({ balances: { ledger: 1, available: 0, currency: 36 } }), {
    54: '6001036C0000000000016002036C000000000000',
  })
  t.equal(answer({}, '35=6299100000000047=49127220001234567 62=SECRET')[35], undefined, 'never a track')
  t.equal(answer({}, '62=SECRET 48=P')[62], undefined, 'never an eCode')
  t.equal(answer({}, '48=P')[48], undefined)
})

t.test('a repeat is told what was said the first time, not what it says itself', async (t) => {
  const first = toResponse(changed(PAYMENT, '59=first'), 'approved', ROW, IN_POLISH)
  const changes = 'mti=0201 12=999999 13=0101 37=OTHER_______ 59=second'
  const again = toResponse(changed(PAYMENT, changes), 'approved', ROW, IN_POLISH)
  t.same(again, { ...first, fields: { ...first.fields, 59: 'second' } }, 'but DE59 is its own: it is not kept')
  t.same(toResponse(changed(PAYMENT, '59=-'), 'approved', ROW, IN_POLISH).fields[59], '-')
})

t.test('answers without a row, and format errors', async (t) => {
  const request = changed(PAYMENT, '37=REF_________ 59=echo')
  t.same(toResponse(request, 'overloaded', null, IN_POLISH), {
    mti: '0210',
    fields: { 3: '006000', 7: '1122173005', 11: '000017', 12: '183005', 13: '1122', 37: 'REF         ', 39: '96', 41: 'DEMO0001',
      42: '000000000000001', 49: '985', 59: 'echo', 63: 'Chwilowe przeciazenie, powtorz' },
  }) // prettier-ignore
  const read = {
    3: '006000', 7: '1122173005', 11: '000017', 12: '183005', 13: '1122', 37: 'REF         ', 39: '30', 41: 'DEMO0001',
    42: '000000000000001', 44: 'F035 a reason that is far',
  } // prettier-ignore
  const repeat = changed(request, 'mti=0101')
  const reason = 'F035 a reason that is far too long'
  t.same(toFormatError(repeat, reason), { mti: '0110', fields: { ...read, 49: '985', 59: 'echo' } })
  t.same(toUnparsable(repeat, reason), { mti: '0110', fields: read }, 'what stands behind the fault is not believed')
})

t.test('what the edge refuses is remembered with what it said', async (t) => {
  const refused = toRefused(PAYMENT, ROW.key, AROUND, 'wrong_store')
  t.match(refused, { ask: { act: 'refused', result: 'wrong_store' }, labels: { amount: 10_000, currency: 985 } })
  const books = openBooks()
  const first = books.run(refused)
  const again = books.run({ ...refused, id: 1_000_003, spareId: 1_000_004 })
  const answer = (outcome: typeof first) => toResponse(PAYMENT, outcome.result, outcome.row, IN_POLISH)
  t.match(answer(first).fields, { 37: '632617000017', 39: '03', 44: 'STORE' })
  t.same(answer(again), answer(first), 'byte for byte')
})

t.test('what comes after its own reversal is answered with its own labels', async (t) => {
  const books = openBooks()
  const reversal = changed(CONFIRMATION, 'mti=0420 12=235959 13=0101 37=REVERSAL____ 59=reversal')
  books.run(requestFrom(reversal))
  const { result, row } = books.run(requestFrom(PAYMENT, { id: 1_000_003, spareId: 1_000_004 }))
  t.same(toResponse(PAYMENT, result, row, IN_POLISH).fields, {
    3: '006000', 7: '1122173005', 11: '000017', 12: '183005', 13: '1122', 37: '632617000017', 39: '21', 41: 'DEMO0001',
    42: '000000000000001', 44: 'REVERSED', 49: '985', 63: 'Transakcja wycofana',
  }) // prettier-ignore
})

t.test('approval codes: six characters to be read over the telephone, none twice', async (t) => {
  const codes = new Set<string>()
  for (let id = 1_000_000; id < 1_020_000; id++) codes.add(approvalCodeOf(id))
  t.equal(codes.size, 20_000)
  t.ok([...codes].every((code) => /^[0-9A-HJKMNP-TV-Z]{6}$/.test(code)))
  t.ok(approvalCodeOf(9_007_199_254_740_991).length === 6)
})

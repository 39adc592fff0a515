import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import type { CaseRow } from '../../simulators/scenario/clerk.ts'
import { answerProblems } from '../../simulators/scenario/expectations.ts'
import type { RunOutcome, StepOutcome, Watcher } from '../../simulators/scenario/outcome.ts'
import { lanesOf } from '../../simulators/scenario/lanes.ts'
import { parseScenario } from '../../simulators/scenario/parse.ts'
import { textReport } from '../../simulators/scenario/report.ts'
import { packagedWire } from '../../simulators/terminal/wire.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { runScenario } from '../../simulators/scenario/run.ts'
import type { Expectation } from '../../simulators/scenario/scenario.ts'
import { packMessage } from '../../simulators/terminal/dialect.ts'
import type { Fields } from '../../simulators/terminal/fields.ts'
import { stampClock } from '../../simulators/terminal/stamp.ts'
import { type Fault, startTinyHost } from './tiny-host.ts'

const scenarios = new URL('../../../simulators/scenarios/', import.meta.url)
const firstSale = readFileSync(new URL('first-sale.yaml', scenarios), 'utf8')

function parsed(text: string) {
  const result = parseScenario(text, 's.yaml')
  if (!result.ok) throw new Error(result.faults.join('\n'))
  return result.scenario
}

t.test('faults are told as file:line: reason', (t) => {
  const head = 'title: x\ncards:\n  gift: { issue: OPEN, state: sold }\nsteps:\n'
  const table: Record<string, RegExp> = {
    '': /^s\.yaml:1: the file is empty$/,
    'title: [': /^s\.yaml:1: /,
    'title: x\nsteps: []': /^s\.yaml:1: a scenario has steps$/,
    'steps:\n  - send: echo': /^s\.yaml:1: a scenario: title is missing$/,
    'title: x\ntitel: y\nsteps: [{ send: echo }]':
      /^s\.yaml:2: a scenario: unknown key 'titel', expected one of: title/,
    'title: x\ntimeout: 5\nsteps: [{ send: echo }]': /^s\.yaml:2: timeout '5' is not a duration/,
    'title: x\ncards: { a: { state: lost } }\nsteps: [{ send: echo }]':
      /^s\.yaml:2: state 'lost', expected one of: sellable/,
    [`${head}  - send: paymnet`]: /^s\.yaml:5: send 'paymnet', expected one of: balance, sale/,
    [`${head}  - send: payment\n    card: gift`]: /^s\.yaml:5: payment needs an amount$/,
    [`${head}  - send: payment\n    amount: 1.00`]: /^s\.yaml:5: payment needs a card$/,
    [`${head}  - send: payment\n    amount: 1.005\n    card: gift`]: /^s\.yaml:6: amount '1\.005' is not an amount/,
    [`${head}  - send: balance\n    card: gifft`]: /^s\.yaml:6: no card 'gifft'/,
    [`${head}  - send: balance\n    card: gift\n    entry: tap`]: /^s\.yaml:7: entry 'tap', expected one of: swipe/,
    [`${head}  - send: echo\n    confirm: x`]: /^s\.yaml:5: a step has exactly one of: send, confirm/,
    [`${head}  - title: nothing`]: /^s\.yaml:5: a step has exactly one of/,
    [`${head}  - confirm: pay\n  - send: echo\n    as: pay`]:
      /^s\.yaml:5: confirm: no step before this one is called 'pay'$/,
    [`${head}  - send: echo\n    expect: { 39: 00, 129: x }`]: /^s\.yaml:6: expect: '129' is neither/,
    [`${head}  - send: echo\n    expect: nothing`]:
      /^s\.yaml:6: expect 'nothing', expected none, closed, unread, unsent or a map$/,
    [`${head}  - send: echo\n    expect: { 54: { legder: 1.00 } }`]:
      /^s\.yaml:6: expect: field 54: unknown balance 'legder'/,
    [`${head}  - send: echo\n    expect: { 63: '/(/' }`]: /^s\.yaml:6: expect: field 63: .*not a regular expression$/,
    [`${head}  - send: echo\n    expect: { mti: 21 }`]: /^s\.yaml:6: expect: mti '21' is not valid$/,
    [`${head}  - send: echo\n    fields: { 1: x }`]: /^s\.yaml:6: fields: '1' is not a data element/,
    [`${head}  - send: echo\n    fields: { 37: $pay.37 }`]:
      /^s\.yaml:6: fields: no step before this one is called 'pay'$/,
    [`${head}  - send: echo\n    remove: [MTI]`]: /^s\.yaml:6: remove has to list/,
    [`${head}  - bytes: 0x12`]: /^s\.yaml:5: bytes '0x12' is not bytes in hex$/,
    [`${head}  - send: duplicate\n    card: gift`]: /^s\.yaml:5: duplicate needs a card that it goes onto$/,
    [`${head}  - send: duplicate\n    card: gift\n    onto: gifft`]: /^s\.yaml:7: no card 'gifft'/,
    [`${head}  - send: end-of-day\n    totals: { credit: [1, 1.00] }`]:
      /^s\.yaml:6: totals: 'credit', expected one of: credits/,
    [`${head}  - send: end-of-day\n    totals: { credits: 1.00 }`]: /^s\.yaml:6: totals: credits is not a number and/,
    [`${head}  - cases: { pay: none }`]: /^s\.yaml:5: cases: no step before this one is called 'pay'$/,
    [`${head}  - cases: pay`]: /^s\.yaml:5: cases has to be a map of steps/,
    [`${head}  - decide: { a: confirm }`]: /^s\.yaml:5: decide: no step before this one is called 'a'$/,
    [`${head}  - { send: echo, as: a }\n  - decide: { a: maybe }`]: /^s\.yaml:6: a 'maybe', expected one of: confirm/,
    [`${head}  - clear: gifft`]: /^s\.yaml:5: clear: there is no card called 'gifft'$/,
    [`confirm-timeout: 2\n${head}  - send: echo`]: /^s\.yaml:1: confirm-timeout '2' is not a duration/,
    [`${head}  - wait: long`]: /^s\.yaml:5: wait 'long' is not a duration/,
    [`${head}  - together:\n      - wait: 2s`]: /^s\.yaml:6: wait cannot stand inside together$/,
    [`${head}  - together: [{ send: echo }]\n    tally: { 00: many }`]:
      /^s\.yaml:6: tally: '00' needs a number of answers/,
  }
  for (const [text, reason] of Object.entries(table)) {
    const result = parseScenario(text, 's.yaml')
    if (result.ok) t.fail(`accepted: ${text}`)
    else t.match(result.faults[0], reason)
  }
  const two = parseScenario(`${head}  - wait: long\n  - send: paymnet`, 's.yaml')
  t.equal(two.ok ? 0 : two.faults.length, 2, 'all faults are told at once')
  t.end()
})

t.test('the scenarios that come with it, and what the README shows, can be read', (t) => {
  for (const name of readdirSync(scenarios).filter((one) => one.endsWith('.yaml')))
    t.match(parseScenario(readFileSync(new URL(name, scenarios), 'utf8'), name), { ok: true }, name)
  const blocks = [...readFileSync(new URL('README.md', scenarios), 'utf8').matchAll(/```yaml\n([^]*?)```/g)]
  t.ok(blocks.length > 0)
  for (const [, text = ''] of blocks) t.match(parseScenario(text, 'README.md'), { ok: true })
  t.end()
})

const terminal: DemoTerminal = {
  terminal: 'DEMO0001',
  store: '000000000000001',
  confirmation: 'explicit',
  mac: 'none',
  key: '',
}

t.test('expectations', (t) => {
  const request = { mti: '0200', fields: { 3: '006000', 4: '000000010000', 11: '000017', 41: 'DEMO0001', 49: '985' } }
  const good: Fields = {
    3: '006000',
    4: '000000007000',
    11: '000017',
    39: '10',
    41: 'DEMO0001',
    49: '985',
    54: '6001985C0000000000006002985C0000000000006057985C000000010000',
    63: 'Zostalo 0.00',
  }
  const problems = (expect: string, fields: Fields, mti = '0210') => {
    const packed = packMessage({ mti, fields }, 'single')
    if (!packed.ok) throw new Error(packed.reason)
    const [step] = parsed(`title: x\nsteps:\n  - send: echo\n    expect: ${expect}`).steps
    const wanted = step?.kind === 'talk' ? step.expect : null
    const exchange = { terminal, request, sent: request, answer: null }
    const answer = { message: { mti, fields }, bytes: packed.bytes, ms: 1 }
    return answerProblems(packagedWire, wanted as Extract<Expectation, { kind: 'answer' }>, exchange, answer, null)
  }
  const fits = [
    '{ 39: 10 }',
    '{ 39: [00, 10] }',
    '{ 4: 70.00 }',
    '{ 4: 000000007000 }',
    '{ 54: { ledger: 0.00, available: 0.00, original: 100.00 } }',
    '{ 63: present, 38: absent }',
    '{ 63: /0\\.00$/ }',
    '{ mti: 0210 }',
  ]
  for (const expect of fits) t.same(problems(expect, good), [], expect)
  const table: [string, Fields, string | undefined, RegExp][] = [
    ['{ 39: 00 }', good, undefined, /^field 39: expected '00', came '10'$/],
    ['{ 39: [00, 51] }', good, undefined, /^field 39: expected '00' or '51', came '10'$/],
    ['{ 4: 100.00 }', good, undefined, /^field 4: expected 100\.00, came 70\.00$/],
    [
      '{ 54: { available: 1.00 } }',
      good,
      undefined,
      /^field 54: expected available 1\.00, came ledger 0\.00, available/,
    ],
    ['{ 63: absent }', good, undefined, /^field 63: expected absent, came 'Zost/],
    ['{ 38: present }', good, undefined, /^field 38: expected present, came nothing$/],
    ['{ 63: /PLN/ }', good, undefined, /^field 63: expected \/PLN\//],
    ['{ 39: 10 }', good, '0230', /^MTI: expected 0210, came 0230$/],
    ['{ mti: 0212 }', good, undefined, /^MTI: expected 0212, came 0210$/],
    ['{ 39: 10 }', { ...good, 11: '000018' }, undefined, /^field 11: expected the echo '000017', came '000018'$/],
    ['{ 39: 10 }', { ...good, 35: '6299100000000047=4912' }, undefined, /^field 35: card data came back$/],
    [
      '{ 63: present }',
      { 3: '006000', 11: '000017', 41: 'DEMO0001', 49: '985', 63: 'x' },
      undefined,
      /no response code/,
    ],
    ['{ 39: 10 }', { ...good, 44: 'SPENT' }, undefined, /^field 44: 'SPENT' came with an approval$/],
    ['{ 39: 14 }', { ...good, 39: '14' }, undefined, /^field 54: balances came with 0210 14$/],
    ['{ 39: 10, identical: true }', good, undefined, /^there is no earlier answer/],
    ['{ 39: 10 }', { ...good, 64: '0123456789ABCDEF' }, undefined, /^a MAC came for a terminal that has none$/],
  ]
  for (const [expect, fields, mti, reason] of table) {
    const found = problems(expect, fields, mti)
    t.equal(found.length, 1, `${expect}: ${found.join(' | ')}`)
    t.match(found[0], reason)
  }
  t.same(problems('{ 39: 30 }', { 11: '000017', 39: '30', 41: 'DEMO0001' }), [], 'a format error need not echo all')
  t.match(problems('{ 39: 30 }', { 11: '000018', 39: '30', 41: 'DEMO0001' }), [/echo/], 'but not wrongly')
  t.end()
})

const card = (number: string): DemoCard => ({
  number,
  track1: `B${number}^AKART/GIFT^49127220001234567`,
  track2: `${number}=49127220001234567`,
  barcode: number,
  ecode: 'ABCDEFGHJKMNPQRS',
  issue: 'OPEN',
  state: 'sellable',
  balance: 0,
})
const numbers = ['6299100000000047', '6299100000000054', '6299100000000062']

async function play(text: string, fault: Fault | null = null, cases: CaseRow[] = []) {
  const host = await startTinyHost(numbers, fault)
  const steps: StepOutcome[] = []
  const picked: (string | null)[] = []
  const lines: string[] = []
  let end: RunOutcome | undefined
  const written = textReport((line) => void lines.push(line))
  const watcher: Watcher = {
    begin: written.begin,
    card: (one) => {
      picked.push(one.problem ?? one.number)
      written.card(one)
    },
    step: (step) => {
      steps.push(step)
      written.step(step)
    },
    end: (outcome) => {
      end = outcome
      written.end(outcome)
    },
  }
  const peer = usualPeer({ host: '127.0.0.1', port: host.port })
  const demo = { cards: numbers.map(card), terminals: [terminal], keyTerminals: [] }
  const used = new Set<DemoCard>()
  const decide = async (id: number) => (id === 1 ? null : `case ${id} stays open`)
  const clear = async (number: string) => (number === numbers[0] ? 'there is no such card' : null)
  const clerk = { list: async () => cases, decide, clear }
  const settings = {
    peer,
    currency: '985',
    demo,
    stamp: stampClock(Date.now),
    used,
    clerk,
    given: null,
    seed: 7,
    keepGoing: false,
  }
  try {
    const result = await runScenario(parsed(text), settings, watcher)
    return {
      result,
      ok: result === 'passed',
      steps,
      picked,
      end,
      problems: steps.flatMap(({ problems, talks }) => [...problems, ...talks.flatMap((one) => one.problems)]),
      text: lines.join('\n'),
    }
  } finally {
    await host.stop()
  }
}

t.test('the first sale, and what the simulator says when the host is wrong', async (t) => {
  const good = await play(firstSale)
  t.same(good.problems, [])
  t.match(good, { ok: true, end: { failed: 0, steps: 11, strays: 0 }, picked: ['629910******0047'] })
  t.notMatch(good.text, /6299100000000047/)

  const wrong: Record<Fault, RegExp> = {
    'wrong echo': /^field 13: expected the echo/,
    'repeats differ': /^not the same bytes as the answer before; fields that differ: 63$/,
    silent: /^balance inquiry: silence/,
    'cut message': /^balance inquiry: field 49 came empty: the message is cut/,
    'card data': /^field 35: card data came back$/,
    'wrong MTI': /^MTI: expected 0110, came 0230$/,
    'hangs up': /^balance inquiry: closed/,
  }
  for (const [fault, reason] of Object.entries(wrong)) {
    const text = fault === 'silent' ? firstSale.replace('title:', 'timeout: 200ms\ntitle:') : firstSale
    const bad = await play(text, fault as Fault)
    t.equal(bad.ok, false, fault)
    t.match([...bad.problems, ...bad.picked][0], reason, fault)
    t.notMatch(bad.text, /6299100000000047/, 'a failed talk is shown masked')
  }
})

t.test('what a scenario can do besides', async (t) => {
  const result = await play(`
title: many things
timeout: 1m
cards: { gift: { state: sellable }, other: { state: sellable } }
steps:
  - { send: sale, card: gift, amount: 100.00, as: sale }
  - { confirm: sale, as: confirmed }
  - { repeat: confirmed }
  - { repeat: sale, plain: true, expect: { 39: 00, identical: true } }
  - { send: balance, card: other, entry: keyed, expect: { 39: 78, 44: /UN/ } }
  - together:
      - { send: payment, card: gift, amount: 80.00, line: A, as: a, expect: { 39: [00, 51] } }
      - { send: payment, card: gift, amount: 80.00, line: B, expect: { 39: [00, 51] } }
      - { repeat: a, line: B, expect: { 39: [00, 51] } }
    tally: { 00: 2, 51: 1 }
  - { send: payment, card: gift, amount: 1.00, line: C, expect: unread }
  - { close: C, how: reset }
  - { wait: 20ms }
  - { send: balance, card: gift, fields: { 11: $a.request.11, 41: NOSUCH }, line: C, as: asked }
  - { send: echo, fields: { 11: $asked.11 }, bitmap: double }
  - { send: balance, card: gift, fields: { 54: x }, remove: [54] }
  - { bytes: 0003303132, timeout: 50ms, expect: none }
`)
  t.same(result.problems, [])
  t.equal(result.ok, true)

  const failing: Record<string, RegExp> = {
    'together: [{ send: echo }, { send: echo }]\n    tally: { 00: 1 }': /^expected 1 × 00, came 00, 00$/,
    'send: echo\n    expect: none\n    timeout: 1m': /^expected no answer, came an answer/,
    'send: echo\n    expect: closed': /^expected the end of the line, came an answer/,
    'send: echo\n    terminal: DEMO0009': /^no terminal DEMO0009 in terminals\.csv$/,
    'send: echo\n    fields: { 3: xx }': /3/,
    'close: nowhere': /^no line nowhere is open$/,
  }
  for (const [step, reason] of Object.entries(failing)) {
    const bad = await play(`title: x\nsteps:\n  - ${step}\n  - send: echo`)
    t.equal(bad.steps.length, 1, 'ends at the first failure')
    t.match(bad.problems[0], reason)
  }
  const none = await play('title: x\ncards: { a: { state: sold } }\nsteps: [{ send: echo }]')
  t.match(none.picked, [/^no unused card of OPEN that is sold among 0/])
  t.equal(none.result, 'not begun')
  t.match(none.text, /could not begin: nothing was checked/)
  t.notMatch(none.text, /-1/)
  const quiet = await play('title: x\nsteps:\n  - { send: echo, expect: closed }', 'hangs up')
  t.equal(quiet.ok, true)
  const hung = await play('title: x\nsteps:\n  - { send: echo }', 'hangs up')
  t.match(hung.problems, [/^expected an answer, came the end/, /^Our first bytes were 00 .*--tpdu 5/])
})

t.test('messages that wait, cards that come in, clarification cases', async (t) => {
  const at = (stan: number, reason: string, resolution: string | null = null, id = 1): CaseRow => {
    const key = { store: '000000000000001', terminal: 'DEMO0001', kind: 200, stan, transmitted: 20261122173005 }
    return { id, reason, claim: null, resolution, transaction: { key } }
  }
  const pay = (name: string, trace: string) =>
    `  - { send: payment, card: gift, amount: 1.00, as: ${name}, fields: { 7: 1122173005, 11: ${trace} }, expect: unsent }\n`
  const head = `title: x\ncards: { gift: { state: sellable } }\nsteps:\n${pay('a', '000007')}${pay('b', '000008')}`
  const cases = [at(7, 'unconfirmed'), at(8, 'unconfirmed', 'confirmed_late', 2)]

  const held = await play(`${head}  - { send: sale, card: gift, amount: 9.00 }
  - { repeat: a, plain: true, expect: { 39: 51, 11: 000007 } }`)
  t.same(held.problems, [])
  const table: Record<string, RegExp | null> = {
    'cases: { a: unconfirmed, b: { closed: confirmed_late } }': null,
    'cases: { a: none }': /^case about 'a': expected none, there is unconfirmed, open$/,
    'cases: { b: unconfirmed }': /expected unconfirmed, open, there is unconfirmed, closed \(confirmed_late\)$/,
    'cases: { a: { reason: unconfirmed, claim: present } }': /the store’s claim present, there is none$/,
    'decide: { a: confirm }': null,
    'decide: { a: confirm, b: reverse }': /^case 2 stays open$/,
    'clear: gift': /^there is no such card$/,
  }
  for (const [step, reason] of Object.entries(table)) {
    const { problems } = await play(`${head}  - ${step}`, null, cases)
    t.equal(problems.length, reason === null ? 0 : 1, `${step}: ${problems.join(' | ')}`)
    if (reason !== null) t.match(problems[0], reason)
  }
  const none = await play(`${head}  - cases: { a: unconfirmed }`)
  t.match(none.problems, [/^case about 'a': expected unconfirmed, open, there is none$/])
  t.match((await play(`${head}  - decide: { a: confirm }`)).problems, [/^there is no case about 'a'$/])
})

t.test('scenarios that share a terminal whose state matters are played one after another', (t) => {
  const terminals = ['A', 'B', 'C', 'D'].map((name) => ({
    ...terminal,
    terminal: name,
    confirmation: name === 'B' ? ('next' as const) : ('explicit' as const),
  }))
  const at = (title: string, ...steps: string[]) => parsed(`title: ${title}\nsteps: [${steps.join(', ')}]`)
  const echo = (name: string) => `{ send: echo, terminal: ${name} }`
  const scenarios = [
    at('first', echo('A'), echo('B')),
    at('second', '{ send: echo }'),
    at('third', `{ together: [${echo('B')}] }`),
    at('fourth', '{ send: end-of-day, terminal: C }'),
    at('fifth', echo('D')),
    at('sixth', echo('C')),
  ]
  const titles = (list: typeof scenarios) => lanesOf(list, terminals).map((lane) => lane.map(({ title }) => title))
  t.same(titles(scenarios), [['second'], ['first', 'third'], ['fifth'], ['fourth', 'sixth']])
  t.same(titles([...scenarios, at('all', echo('B'), echo('C'))]), [
    ['second'],
    ['fifth'],
    ['first', 'third', 'fourth', 'sixth', 'all'],
  ])
  t.end()
})

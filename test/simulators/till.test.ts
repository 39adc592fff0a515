import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { fit, widthOf } from '../../simulators/till/fit.ts'
import { onKey } from '../../simulators/till/keys.ts'
import { menu } from '../../simulators/till/menu.ts'
import { type Effect, firstModel, type Model } from '../../simulators/till/model.ts'
import { openScreen } from '../../simulators/till/screen.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { runTill } from '../../simulators/till/till.ts'
import { view } from '../../simulators/till/view.ts'
import { plain } from './tell.ts'
import { startTinyHost } from './tiny-host.ts'

const cardOf = (number: string, state: DemoCard['state'], balance: number): DemoCard => ({
  number,
  track1: `B${number}^GIFT/CARD^49127220001234567`,
  track2: `${number}=49127220001234567`,
  barcode: number,
  ecode: 'QRST7788VWXY9900',
  issue: 'OPEN',
  state,
  balance,
})
const cards = [cardOf('6299100000000047', 'sold', 150_00), cardOf('6299100000000054', 'sellable', 0)]
const terminals: DemoTerminal[] = [
  { terminal: 'DEMO0001', store: '000000000000001', confirmation: 'explicit', mac: 'none', key: '' },
  { terminal: 'DEMO0006', store: '000000000000002', confirmation: 'explicit', mac: 'none', key: '' },
]
const demo = { cards, terminals, keyTerminals: [] }
const terminal = terminals[0] as DemoTerminal
const stamp = { transmission: '1125093000', trace: '000017', time: '103000', date: '1125' }
const around = { stamp: () => stamp, currency: '985' }
const at = (label: string): number => menu.findIndex((item) => item?.label === label)

/** Keys by name, or characters one by one after `'`. */
const keysOf = (script: string) =>
  script
    .split(' ')
    .flatMap((word) => (word.startsWith("'") ? Array.from(word.slice(1)) : [word]))
    .map((name) => ({ name, character: name.length === 1 ? name : '', ctrl: false }))

function play(model: Model, script: string): { model: Model; effects: Effect[] } {
  let now = model
  const effects: Effect[] = []
  for (const key of keysOf(script)) {
    const step = onKey(now, key, around)
    now = step.model
    effects.push(...step.effects)
  }
  return { model: now, effects }
}

const first = firstModel(demo, '127.0.0.1:8583', terminal)
const DELETE = 'backspace backspace backspace backspace backspace'

t.test('keys, and what they send', (t) => {
  const rows: [string, string, object][] = [
    [
      'payment',
      `return ${DELETE} '12.50 return`,
      { mti: '0200', fields: { 3: '006000', 4: '000000001250', 22: '022' } },
    ],
    ['balance', 'return', { mti: '0100', fields: { 3: '316000', 4: undefined } }],
    ['nominal-sale', `return ${DELETE} return`, { mti: '0200', fields: { 3: '930060', 4: undefined } }],
    ['payment', 'p return return', { fields: { 4: '000000001000', 48: 'P' } }],
    ['refund', 'n return return', { fields: { 48: ' N' } }],
    ['block', 'return down return', { mti: '0600', fields: { 25: '20' } }],
    ['duplicate', "return 'sellable return", { fields: { 103: '6299100000000054', 35: cards[0]?.track2 } }],
    ['balance', "c 'sellable return return", { fields: { 35: cards[1]?.track2 } }],
    ['balance', "e 'keyed return return", { fields: { 2: '6299100000000047', 22: '012', 35: undefined } }],
    ['balance', "t 'demo0006 return return", { fields: { 41: 'DEMO0006', 42: '000000000000002' } }],
    ['echo', 'return', { mti: '0800', fields: { 70: '301' } }],
    ['end of day', 'return', { mti: '0500', fields: { 74: '0000000000', 97: 'C0000000000000000' } }],
    ['end of day, forced', 'return', { mti: '0520', fields: { 74: undefined } }],
  ]
  for (const [item, script, message] of rows) {
    const { effects } = play({ ...first, item: at(item) }, script)
    t.match(effects, [{ kind: 'send', message, cut: false }], `${item}: ${script}`)
    t.equal(effects.length, 1)
  }
  t.end()
})

t.test('what is about an earlier request', (t) => {
  const paid = play(first, 'return return')
  for (const [label, mti] of [
    ['confirm', '0202'],
    ['cancel', '0400'],
    ['reverse', '0420'],
  ] as const) {
    const { effects } = play({ ...paid.model, item: at(label) }, 'return')
    t.match(effects, [{ message: { mti, fields: { 90: `0200${stamp.trace}${stamp.transmission}${'0'.repeat(22)}` } } }])
  }
  t.match(play({ ...paid.model, item: at('repeat') }, 'return').effects, [{ message: { mti: '0201' } }])
  t.match(play({ ...paid.model, item: at('send again') }, 'return').effects, [{ message: { mti: '0200' } }])
  const echoed = play({ ...paid.model, item: at('echo') }, 'return').model
  const back = play({ ...echoed, item: at('repeat') }, 'o down return return')
  t.match(back.effects, [{ message: { mti: '0201' } }], 'an earlier one can be chosen')
  const { model, effects } = play({ ...first, item: at('confirm') }, 'return')
  t.same(effects, [])
  t.match(model.talk.join(), /nothing was sent yet/)
  t.end()
})

t.test('keys that send nothing', (t) => {
  const rows: [string, object][] = [
    ['x', [{ kind: 'cut', how: 'close' }]],
    ['r', [{ kind: 'cut', how: 'reset' }]],
    ['l', [{ kind: 'connect' }]],
    ['q', [{ kind: 'quit' }]],
    ['return escape', []],
    ['c escape', []],
    [`return ${DELETE} '1.2.3 return`, []],
    ["c 'nowhere return", []],
    ['k k z', []],
  ]
  for (const [script, effects] of rows) t.same(play(first, script).effects, effects, script)
  t.match(play(first, `return ${DELETE} '1.2.3 return`).model.mode, { kind: 'amount', fault: /expected an amount/ })
  t.match(play(first, 'k return return').effects, [{ kind: 'send', cut: true }], 'the line is cut after the next one')
  t.equal(play(first, 'k return return').model.cutAfter, false, 'and after no other')
  t.end()
})

t.test('the screen fits any window size', (t) => {
  const { model } = play({ ...first, item: at('duplicate') }, 'return')
  const long = { ...first, talk: Array.from({ length: 500 }, (_, i) => `line ${i} ${'x'.repeat(200)}`) }
  for (const shown of [first, model, long, play(first, 'return').model])
    for (const [columns, rows] of [
      [72, 16],
      [100, 24],
      [200, 60],
    ] as const) {
      const lines = view(shown, { columns, rows })
      t.equal(lines.length, rows)
      t.same([...new Set(lines.map(widthOf))], [columns])
    }
  t.match(view(first, { columns: 60, rows: 10 }), [/this window has 60 × 10/])
  t.match(view(long, { columns: 100, rows: 24 }).join('\n'), /line 499/)
  t.match(view(play(long, 'pageup pageup').model, { columns: 100, rows: 24 }).join('\n'), /line 479 /)
  t.notMatch(view(model, { columns: 100, rows: 24 }).join('\n'), /\d{16}/, 'no whole number')
  t.equal(fit('\u001b[1mabc\u001b[22m', 2), '\u001b[1mab\u001b[0m')
  t.end()
})

/** A person's hands and eyes. */
function person() {
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    raw: [] as boolean[],
    setRawMode(raw: boolean) {
      this.raw.push(raw)
    },
  })
  const display = Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 60 })
  let shown = ''
  display.on('data', (chunk: Buffer) => (shown += chunk.toString()))
  const sees = async (wanted: RegExp) => {
    for (let i = 0; i < 1_000 && !wanted.test(plain(shown)); i++) await sleep(10)
    return plain(shown)
  }
  return { keyboard, display, sees }
}

t.test('a payment by keyboard', async (t) => {
  const host = await startTinyHost([cards[0]?.number ?? ''], null, 150_00)
  t.teardown(host.stop)
  const { keyboard, display, sees } = person()
  const peer = usualPeer({ host: '127.0.0.1', port: host.port })
  const ended = runTill({ demo, terminal, peer, currency: '985' }, keyboard, display)
  t.match(await sees(/the line is up/), /● line to 127\.0\.0\.1/)
  keyboard.write('\r')
  keyboard.write('\u007f'.repeat(5))
  keyboard.write('20.00\r')
  t.match(
    await sees(/00 approved/),
    /→ 0200 financial request.*20\.00 PLN.*← 0210 financial response.*available 130\.00 PLN/s,
  )
  keyboard.write('\u001b[B'.repeat(at('confirm') - 1))
  keyboard.write('\r')
  t.match(await sees(/← 0212/), /→ 0202 confirmation/)
  keyboard.write('x')
  await sees(/the line was cut/)
  keyboard.write('k\r')
  t.match(await sees(/whether it was done is not known/), /the line is up/, 'it connects again by itself')
  keyboard.write('q')
  await ended
  const all = await sees(/\[\?1049l/)
  t.match(all, '\u001b[?25h\u001b[?1049l', 'the shell has its screen back')
  t.same(keyboard.raw, [true, false])
  t.notMatch(all, '6299100000000047')
})

t.test('without a screen it says what to use instead', (t) => {
  t.throws(() => openScreen(new PassThrough(), new PassThrough()), /needs a screen and a keyboard; .* akart-sim send/)
  t.end()
})

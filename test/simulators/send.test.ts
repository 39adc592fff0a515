import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { sendCommand, type SendOptions } from '../../simulators/commands/send.ts'
import { readDemo } from '../../simulators/demo/home.ts'
import { readSaved } from '../../simulators/send/saved.ts'
import { operationNames, type OperationName } from '../../simulators/terminal/operations.ts'
import { startSwitch } from './akart-up.ts'
import { onTestServer } from '../up.ts'
import { plain } from './tell.ts'

/** The options with which each operation is approved; cards are by state, and no two operations share one. */
const TYPED = {
  balance: { card: 'sold' },
  sale: { card: 'sellable', amount: '50.00', confirm: true },
  'nominal-sale': { card: 'sellable', issue: 'GIFT50', confirm: true },
  payment: { card: 'sold:2', amount: '150.00', confirm: true },
  'top-up': { card: 'sold:3', amount: '20.00' },
  refund: { card: 'sold:4', amount: '10.00' },
  'cash-out': { card: 'sold:5', amount: '2.00' },
  duplicate: { card: 'sold:6', onto: 'sellable:2' },
  'payment-advice': { card: 'sold:7', amount: '5.00' },
  'refund-advice': { card: 'sold:8', amount: '5.00' },
  // A block for a loss is undone by nobody at a till; one for a suspicion is, by the store that set it.
  block: { card: 'sold:9', condition: '20' },
  unblock: { card: 'sold:9' },
  'end-of-day': {},
  echo: {},
  'sign-on': {},
  'sign-off': {},
  'new-key': { terminal: 'DEMO0002' },
} as const satisfies Record<OperationName, Partial<SendOptions>>

t.test('every operation, as it is typed, is answered by Akart', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'akart-send-'))
  const running = await startSwitch(home, null, null, await onTestServer(t))
  t.teardown(async () => {
    await running.stop()
    await rm(home, { recursive: true, force: true })
  })
  const usual: Omit<SendOptions, 'operation'> = {
    target: running.target,
    home,
    card: undefined,
    tracks: undefined,
    ecode: undefined,
    onto: undefined,
    condition: '00',
    issue: 'OPEN',
    amount: undefined,
    entry: undefined,
    flags: undefined,
    confirm: false,
    of: 'last',
    field: [],
    without: [],
    raw: undefined,
    expect: [],
    timeout: 10,
    saved: join(home, 'sent.jsonl'),
    json: false,
  }
  const send = async (operation: SendOptions['operation'], typed: Partial<SendOptions>) => {
    const told: string[] = []
    const code = await sendCommand({ ...usual, operation, ...typed }, (line) => void told.push(plain(line)))
    return { code, told: told.join('\n') }
  }
  // 2.00 of them are left, which is a small remainder.
  t.equal((await send('payment', { card: 'sold:5', amount: '148.00', confirm: true })).code, 0)
  for (const operation of operationNames) {
    const { code, told } = await send(operation, TYPED[operation])
    t.equal(code, 0, `${operation}\n${told}`)
  }
  t.match((await send('balance', { card: 'sold:9', terminal: 'DEMO0004' })).told, /00 approved/, 'unblocked again')
  await t.rejects(send('duplicate', { card: 'sold' }), { message: /duplicate needs --onto/ })
  await t.rejects(send('duplicate', { card: 'sold', onto: 'solld' }), { message: /^--onto solld: expected a number/ })

  await t.test('what was sent is undone, confirmed, sent again', async (t) => {
    const last = (told: string) => told.split('\n').filter((line) => line !== '')
    t.equal((await send('payment', { card: 'sold:11', amount: '30.00' })).code, 0)
    t.match(await send('confirm', {}), { code: 0, told: /→ 0202 .*← 0212 .*00 approved/s })
    t.match(await send('payment', { card: 'sold:11', amount: '500.00', flags: 'P' }), {
      code: 0,
      told: /10 approved for less/,
    })
    const cancelled = await send('cancel', { confirm: true })
    t.match(cancelled, { code: 0, told: /→ 0400 .*120\.00 PLN.*← 0410 .*00 approved/s }, 'by what was taken')
    const saved = readSaved(join(home, 'sent.jsonl'))
    const payment = saved.findLast(({ operation }) => operation === 'payment')
    const sold = readDemo({ home, cards: undefined, terminals: undefined }).cards
    t.equal(statSync(join(home, 'sent.jsonl')).mode & 0o777, 0o600)
    for (const { number, track2 } of sold) {
      t.notOk(readFileSync(join(home, 'sent.jsonl'), 'utf8').includes(number), 'no number is kept')
      if (track2.includes('=')) t.notOk(readFileSync(join(home, 'sent.jsonl'), 'utf8').includes(track2.slice(17)))
    }
    const again = await send('repeat', { of: String(payment?.id) })
    t.match(
      again,
      { code: 0, told: /→ 0201 .*← 0210 .*10 approved for less/s },
      'the stored answer, with the card of its row',
    )
    t.match(await send('balance', { card: 'sold:11' }), { told: /available 120\.00/ })
    t.match(
      await send('reverse', { of: String(payment?.id), expect: ['39=00', '44=CASE'] }),
      { code: 0 },
      last(again.told).join(),
    )
    // Another cards.csv: what stands in that row now is another card.
    const others = join(home, 'others.csv')
    const [header = '', first = '', ...rest] = readFileSync(join(home, 'demo', 'cards.csv'), 'utf8')
      .trim()
      .split('\n')
    writeFileSync(others, [header, ...rest, first].join('\n'))
    await t.rejects(send('repeat', { of: String(payment?.id), cards: others }), {
      message: /was about card 629910\*{6}\d{4}, which is kept nowhere: name it again with --card/,
    })
    await t.rejects(send('reverse', { of: '9999' }), { message: /no such request; akart-sim sent lists them/ })
  })

  await t.test('elements are set and left out, and what comes is held against what should', async (t) => {
    const pay = { card: 'sold:12', amount: '1.00' }
    t.match(await send('payment', { ...pay, without: ['22'] }), { code: 1, told: /30 format error/ })
    t.match(await send('payment', { ...pay, without: ['22'], expect: ['39=30', '44=/^F022/'] }), {
      code: 0,
      told: /as expected/,
    })
    t.match(await send('payment', { ...pay, expect: ['39=51,61'] }), {
      code: 1,
      told: /field 39: expected '51' or '61', came '00'/,
    })
    t.match(
      await send('payment', { card: 'sold:12', amount: '900.00', field: ['48=P'], expect: ['39=10', '4=149.00'] }),
      {
        code: 0,
      },
    )
    t.match(await send(undefined, { raw: 'EE', timeout: 0.3, expect: ['none'] }), { code: 0 })
    t.match(await send(undefined, { raw: '30 38 30 30 80', timeout: 0.3 }), {
      code: 1,
      told: /no answer within 0\.3 s/,
    })
    const json = await send('echo', { json: true, expect: ['39=00'] })
    t.match(JSON.parse(json.told.split('\n').at(-1) ?? ''), { result: 'ok', code: '00', problems: [] })
    await t.rejects(send('payment', { ...pay, field: ['200=X'] }), { message: /--field 200=X: expected an element/ })
    await t.rejects(send('payment', { ...pay, expect: ['39'] }), { message: /--expect '39', expected none, closed/ })
  })

  await t.test('any terminal on any line', async (t) => {
    const { terminals, cards } = readDemo({ home, cards: undefined, terminals: undefined })
    const sealed = terminals.find(({ mac }) => mac === 'aes-cmac')
    const card = cards.filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')[20]
    if (sealed === undefined || card === undefined) throw new Error('the demo set has changed')
    const bcd = { home: '/nowhere', target: running.listeners.get('bcd'), profile: 'iso87-bcd', tpdu: '6000070003' }
    const own = { ...bcd, terminal: sealed.terminal, store: sealed.store, mac: 'aes-cmac', macKey: sealed.key } as const
    t.match(await send('payment', { ...own, card: card.track2, amount: '1.00', confirm: true }), {
      code: 0,
      told: /0212/,
    })
    t.match(await send('balance', { ...own, card: card.number, ecode: card.ecode }), {
      code: 0,
      told: /022|812 +e-commerce/,
    })
    t.match(await send('payment', { ...own, macKey: '00'.repeat(16), card: card.track2, amount: '1.00' }), {
      code: 1,
      told: /63 bad or missing MAC/,
    })
    const wrong = await send('balance', { ...own, profile: 'iso87-ascii', tpdu: 'none', card: card.track2 })
    t.match(
      wrong,
      { code: 1, told: /closed instead of an answer.*--length be2 --tpdu 5/s },
      'what the first bytes suggest',
    )
  })
})

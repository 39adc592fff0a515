import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { sendCommand, type SendOptions } from '../../simulators/commands/send.ts'
import { operationNames, type OperationName } from '../../simulators/terminal/operations.ts'
import { startSwitch } from './akart-up.ts'
import { plain } from './tell.ts'

/** What each operation is typed with so that it is approved; cards are by state, and no two operations share one. */
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
  block: { card: 'sold:9', condition: '41' },
  unblock: { card: 'sold:9' },
  'end-of-day': {},
  echo: {},
  'sign-on': {},
  'sign-off': {},
  'new-key': { terminal: 'DEMO0002' },
} as const satisfies Record<OperationName, Partial<SendOptions>>

t.test('every operation, as it is typed, is answered by Akart', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'akart-send-'))
  const running = await startSwitch(home, null)
  t.teardown(async () => {
    await running.stop()
    await rm(home, { recursive: true, force: true })
  })
  const usual = {
    target: running.target,
    home,
    cards: undefined,
    terminals: undefined,
    card: undefined,
    onto: undefined,
    condition: '00',
    issue: 'OPEN',
    amount: undefined,
    terminal: 'DEMO0001',
    entry: 'swipe',
    flags: undefined,
    confirm: false,
    json: false,
  } as const
  const send = async (operation: OperationName, typed: Partial<SendOptions>) => {
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
})

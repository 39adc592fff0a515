import t from 'tap'
import { clerkKey, expiryKey, KIND } from '../../src/core/key.ts'
import { startExpiry } from '../../src/jobs/expiry.ts'
import { earliestClock } from '../../src/office/clock.ts'
import { expireOverdue } from '../../src/office/expiry.ts'
import { ISSUER, openAccount } from '../../src/db/accounts.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { officeRequest } from '../../src/office/office-request.ts'
import { engineSetting, type TestCard } from '../engine/engine-setting.ts'
import { testOffice } from '../office/test-office.ts'

const setting = await engineSetting(t)
const { access, connection, operation, request, nextId } = setting
const engine = setting.engine()
t.teardown(() => engine.stop())
// The demo's own expired cards are no part of these stories.
await connection.query("UPDATE cards SET valid_until = NULL WHERE valid_until < '2026-01-01'")
let stan = 0

const office = await testOffice(t, access)
const partsOf = ({ submit }: Pick<Engine, 'submit'>) => ({ ...office, submit })

/** With 100.00 on each, good until that day. */
async function cardsUntil(day: string, count: number): Promise<readonly TestCard[]> {
  const cards = await setting.newCards(count)
  const about = { kind: KIND.financial, terminal: 'OPENING', confirmation: 'none' as const }
  await Promise.all(
    cards.map((card) => engine.submit(request(operation('sale', card, 10_000), { ...about, stan: ++stan }))),
  )
  await connection.query('UPDATE cards SET valid_until = ? WHERE id IN (?)', [day, cards.map(({ id }) => id)])
  return cards
}

async function statesOf(cards: readonly TestCard[]): Promise<string[]> {
  const [rows] = await connection.query(
    'SELECT DISTINCT CONCAT(state, " ", ledger, "/", available) AS said FROM cards WHERE id IN (?) ORDER BY 1',
    [cards.map(({ id }) => id)],
  )
  return (rows as { said: string }[]).map(({ said }) => said)
}

function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}

t.test('cards past their last day expire, once; the others do not', async (t) => {
  const past = await cardsUntil('2026-11-21', 300)
  const last = await cardsUntil('2026-11-22', 2)
  const [open, owed] = await cardsUntil('2026-11-21', 2)
  if (open === undefined || owed === undefined) return
  const about = { kind: KIND.financial, terminal: 'TILL', confirmation: 'explicit' as const }
  await connection.query('UPDATE cards SET valid_until = NULL WHERE id IN (?)', [[open.id, owed.id]])
  const payment = request(operation('payment', open, 1_000), { ...about, stan: ++stan })
  t.equal((await engine.submit(payment)).result, 'approved')
  const topUp = request(operation('top_up', owed, 1_000), { ...about, stan: ++stan })
  t.equal((await engine.submit(topUp)).result, 'approved')
  await connection.query("UPDATE cards SET valid_until = '2026-11-21' WHERE id IN (?)", [[open.id, owed.id]])

  const [begun, mayGoOn] = [gate(), gate()]
  const held = partsOf({
    async submit(asked) {
      begun.open()
      await mayGoOn.opened
      return engine.submit(asked)
    },
  })
  const run = expireOverdue(held, '2026-11-22')
  await begun.opened
  const other = setting.engine()
  t.equal(await expireOverdue(partsOf(other), '2026-11-22'), null, 'one process at a time')
  await other.stop()
  mayGoOn.open()
  t.same(await run, { expired: 300, left: 0, busy: 0 }, 'what is unconfirmed is not even asked for')
  t.same(await statesOf(past), ['expired 0/0'])
  t.same(await statesOf(last), ['sold 10000/10000'])
  t.same(await statesOf([open, owed]), ['sold 11000/10000', 'sold 9000/9000'])

  const { key, confirmation } = topUp
  const confirm = { kind: KIND.confirmation, terminal: key.terminal, confirmation }
  for (const original of [topUp.key, payment.key]) {
    await engine.submit(request({ act: 'confirmation', original }, { ...confirm, stan: ++stan }))
  }
  t.same(await expireOverdue(partsOf(engine), '2026-11-23'), { expired: 4, left: 0, busy: 0 }, 'the next night')
  t.same(await expireOverdue(partsOf(engine), '2026-11-23'), { expired: 0, left: 0, busy: 0 })
  t.same(await statesOf([...past, ...last, open, owed]), ['expired 0/0'])
})

t.test('an interrupted run continues; cards that the engine was too busy for are tried again', async (t) => {
  const cards = await cardsUntil('2026-11-21', 200)
  let taken = 0
  const full = { submit: async (asked: Parameters<Engine['submit']>[0]) => (taken++ < 50 ? engine.submit(asked) : ({ result: 'overloaded', row: null, forwarding: null } as const)) } // prettier-ignore
  t.same(await expireOverdue(partsOf(full), '2026-11-24'), { expired: 50, left: 0, busy: 150 })
  let asked = 0
  t.same(await expireOverdue(partsOf(engine), '2026-11-24', () => asked++ > 0), { expired: 128, left: 0, busy: 0 })
  const told: [number, number][] = []
  const rest = await expireOverdue(partsOf(engine), '2026-11-24', undefined, (done, of) => void told.push([done, of]))
  t.same(rest, { expired: 22, left: 0, busy: 0 })
  t.same(told, [[22, 22]], 'it says how far it is')
  t.same(await statesOf(cards), ['expired 0/0'])
})

t.test('an extension brings the money back, and the card may expire again', async (t) => {
  const [card] = await cardsUntil('2026-11-21', 1)
  if (card === undefined) return
  await expireOverdue(partsOf(engine), '2026-11-25')
  const contra = await openAccount(access, 'issuer_breakage', ISSUER, 985)
  const extend = (validUntil: string, day: string) => {
    const id = nextId()
    const office = { who: 'ola', reason: 'asked', validUntil, expiry: expiryKey(card.id, day), plastic: null }
    const shown = { ...card, issueId: 1, numberKey: 1, shown: '' }
    return officeRequest(
      {
        operation: 'extension',
        requester: { channel: 'cli', who: 'ola' },
        key: clerkKey(id),
        card: shown,
        currency: 985,
        contra,
        office,
      },
      { id, spareId: nextId(), now: Date.now(), today: day },
    )
  }
  t.equal((await engine.submit(extend('2026-12-31', '2026-11-24'))).result, 'original_not_found')
  t.equal((await engine.submit(extend('2026-12-31', '2026-11-25'))).result, 'approved')
  t.same(await statesOf([card]), ['sold 10000/10000'])
  t.same(await expireOverdue(partsOf(engine), '2026-12-31'), { expired: 0, left: 0, busy: 0 })
  t.same(await expireOverdue(partsOf(engine), '2027-01-01'), { expired: 1, left: 0, busy: 0 })
  t.same(await statesOf([card]), ['expired 0/0'])
})

t.test('every night once, when it is late enough everywhere', async (t) => {
  t.equal(earliestClock(['Europe/Warsaw', 'Europe/Lisbon'], 'UTC', Date.UTC(2026, 6, 1, 22, 30)), '2026-07-01 23:30')
  t.equal(earliestClock([], 'UTC', Date.UTC(2026, 6, 1, 22, 30)), '2026-07-01 22:30')
  t.equal(earliestClock(['Pacific/Kiritimati'], 'UTC', Date.UTC(2026, 11, 31, 10, 0)), '2027-01-01 00:00')

  await cardsUntil('2027-01-31', 3)
  const nights: unknown[] = []
  const job = (now: number) =>
    new Promise<void>((resolve) => {
      const running = startExpiry(
        { ...partsOf(engine), clock: () => now },
        {
          time: '02:30',
          ran(run, today) {
            nights.push([today, run.expired])
            setImmediate(() => void running.stop().then(resolve))
          },
          trouble: (error) => t.fail(String(error)),
        },
      )
      if (now < Date.UTC(2027, 1, 1, 1, 30)) setTimeout(() => void running.stop().then(resolve), 300)
    })
  await job(Date.UTC(2027, 1, 1, 1, 29))
  t.same(nights, [], 'at 02:29 not yet')
  await job(Date.UTC(2027, 1, 1, 1, 30))
  t.same(nights, [['2027-02-01', 3]])
})

t.test('after all that the ledger adds up', async (t) => {
  t.same((await verifyLedger(access)).faults, [])
})

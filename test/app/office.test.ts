import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { demoCards, type DemoCardState } from '../../src/cards/demo.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { createCardReader } from '../../src/app/card-reader.ts'
import {
  adjustCard,
  blockCard,
  clearCard,
  decideOnAdjustment,
  duplicateCard,
  expireNow,
  extendCard,
  listAdjustments,
  showCard,
  unblockCard,
} from '../../src/app/cards.ts'
import { newCounterparty } from '../../src/app/counterparties.ts'
import { newPlastic } from '../../src/app/new-plastic.ts'
import { approveSale, askSale, findPack, makePack, planOf, receive, takeStep } from '../../src/app/packs.ts'
import { toUrl } from '../../src/db/access.ts'
import { verifyLedger } from '../../src/office/ledger-verification.ts'
import { engineSetting, STORE } from '../engine/engine-setting.ts'

/* What the commands do, on the demo set in a real database. */

const setting = await engineSetting(t)
const { access } = setting
const home = mkdtempSync(join(tmpdir(), 'akart-office-'))
const before = process.env['AKART_DATABASE_URL']
process.env['AKART_DATABASE_URL'] = toUrl(access)
t.teardown(() => {
  if (before === undefined) delete process.env['AKART_DATABASE_URL']
  else process.env['AKART_DATABASE_URL'] = before
  rmSync(home, { recursive: true, force: true })
})

const keys = deriveCardKeys(DEMO_MASTER)
const demo = demoCards(keys)
const demoCard = (state: DemoCardState, nth = 0) => {
  const card = demo.filter((one) => one.state === state && one.issue === 'OPEN')[nth]
  if (card === undefined) throw new Error('no such demo card')
  return card
}
const OLA = { who: 'ola', reason: 'agreed' }
const JAN = { who: 'jan', reason: 'agreed' }
const SHOP = { kind: 'store', code: STORE } as const

const file = (name: string, content: string): string => {
  const path = join(home, name)
  writeFileSync(path, content)
  return path
}
const none = { serials: [], numbers: [], cards: [], files: [] }

t.test('cards are named by serials, numbers, one by one, by file', async (t) => {
  const numbers = [0, 1, 2, 3].map((nth) => demoCard('sellable', nth).number)
  const grouped = String(numbers[0]).replace(/(.{4})/g, '$1 ')
  const serials = numbers.map((_, nth) => demoCard('sellable', nth).serial)
  const rows: [what: string, selection: Parameters<typeof planOf>[2]][] = [
    ['serials', { ...none, serials: [`${serials[0]}-${serials[1]},${serials[2]}`, String(serials[3])] }],
    ['numbers', { ...none, numbers: [`${numbers[0]}..${numbers[3]}`] }],
    ['cards', { ...none, cards: [grouped, ...numbers.slice(1)] }],
    ['a plain list', { ...none, files: [file('plain.txt', `${numbers.join('\r\n')}\n\n`)] }],
    ['CSV', { ...none, files: [file('cards.csv', `shop;Number\nA;${numbers.join('\nB;')}\n`)] }],
    ['CSV of serials', { ...none, files: [file('serials.csv', `serial,note\n${serials.join(',x\n')},y\n`)] }],
  ]
  for (const [what, selection] of rows) {
    const { cards, ranges, findings } = await planOf(home, 'OPEN', selection)
    t.same([cards, ranges, [...findings]], [4, [{ first: serials[0], last: serials[3] }], []], what)
  }
  const wrong: [Parameters<typeof planOf>[2], RegExp][] = [
    [none, /say which cards/],
    [
      { ...none, files: [file('wrong.txt', `${numbers[0]}\n12345\n`)] },
      /wrong\.txt:2: a card number has 16 to 19 digits/,
    ],
    [{ ...none, cards: ['6299100000000014'] }, /--card 1: the check digit of 629910\*{6}0014 is wrong/],
    [{ ...none, serials: ['9-3'] }, /--serials 9-3: expected FIRST-LAST/],
    [{ ...none, serials: ['0'] }, /a serial is a whole number from 1/],
    [{ ...none, files: [join(home, 'nowhere.csv')] }, /nowhere\.csv: ENOENT/],
    [{ ...none, files: [file('empty.csv', 'number\n')] }, /no cards in it/],
    [{ ...none, files: [file('open.csv', '"6299\n')] }, /open\.csv:\d+: not CSV/],
  ]
  for (const [selection, said] of wrong) await t.rejects(planOf(home, 'OPEN', selection), said)
  await t.rejects(planOf(home, 'NONE', { ...none, serials: ['1'] }), /there is no issue NONE/)
})

t.test('a pack is received by scanning; what is missing is lost, what is too much stays outside', async (t) => {
  const cards = [0, 1, 2].map((nth) => demoCard('sellable', nth))
  const plan = await planOf(home, 'OPEN', { ...none, cards: cards.map(({ number }) => number) })
  await t.rejects(makePack(home, plan, { kind: 'store', code: 'NOWHERE' }, 'ola'), /there is no store NOWHERE/)
  const id = await makePack(home, plan, SHOP, 'ola')
  await takeStep(home, id, 'dispatch', OLA)
  const [one, two, three] = cards.map(({ number }) => number)
  const stranger = demoCard('sellable', 50)
  const wrong = await receive(home, id, { cards: [String(one), stranger.number], files: [] }, true, OLA)
  t.same(wrong, {
    received: false,
    differences: { missing: [cards[1]?.serial, cards[2]?.serial], surplus: [stranger.serial] },
    lost: 0,
  })
  const short = await receive(home, id, { cards: [String(one), String(two)], files: [] }, false, OLA)
  t.equal(short.received, false)
  t.equal((await findPack(home, id)).pack.state, 'dispatched')
  const done = await receive(home, id, { cards: [String(one), String(two)], files: [] }, true, OLA)
  t.same([done.received, done.lost], [true, 1])
  const { card, history } = await showCard(home, String(three))
  t.equal(card.block, 'lost')
  t.match(history.events, [{ event: 'block', detail: 'lost', who: 'ola', reason: 'agreed' }])
})

t.test('a pack is sold to a counterparty', async (t) => {
  await newCounterparty(home, 'ACME', 'Acme sp. z o.o.')
  await t.rejects(newCounterparty(home, 'ACME', 'Acme'), /counterparty ACME is there already/)
  const cards = [10, 11, 12].map((nth) => demoCard('sellable', nth))
  const plan = await planOf(home, 'OPEN', { ...none, cards: cards.map(({ number }) => number) })
  const id = await makePack(home, plan, { kind: 'counterparty', code: 'ACME' }, 'ola')
  await takeStep(home, id, 'activate', OLA)
  await t.rejects(askSale(home, id, null, OLA), /has no nominal: say --amount/)
  t.equal(await askSale(home, id, 5_000, OLA), 5_000)
  const seen: number[] = []
  const pack = await approveSale(home, id, JAN, (loaded) => seen.push(loaded))
  t.same([pack.state, seen], ['sold', [3]])
  t.match((await showCard(home, `OPEN:${cards[0]?.serial}`)).card, { state: 'sold', ledger: 5_000, available: 5_000 })
})

t.test('blocked and unblocked, with who and why; a suspicion is cleared', async (t) => {
  const { number, serial } = demoCard('sold', 1)
  await blockCard(home, number, 'lost', OLA)
  t.equal((await showCard(home, number)).card.block, 'lost')
  await unblockCard(home, `OPEN:${serial}`, JAN)
  await clearCard(home, number, JAN)
  const { card, history } = await showCard(home, number)
  t.equal(card.block, null)
  t.same(
    history.events.map(({ event, who, reason, detail }) => [event, who, reason, detail]),
    [
      ['block', 'ola', 'agreed', 'lost'],
      ['unblock', 'jan', 'agreed', null],
      ['clear', 'jan', 'agreed', null],
    ],
  )
  await t.rejects(blockCard(home, 'OPEN:99999', 'lost', OLA), /there is no card OPEN:99999/)
})

t.test('another number, or new plastic of the same', async (t) => {
  const old = demoCard('sold', 2)
  const fresh = demoCard('sellable', 60)
  await duplicateCard(home, old.number, fresh.number, OLA)
  t.match((await showCard(home, fresh.number)).card, { state: 'sold', available: 15_000 })
  await t.rejects(duplicateCard(home, old.number, demoCard('sellable', 61).number, OLA), /refused: Unknown card/)

  const { number, track2, ecode } = demoCard('sold', 3)
  const out = join(home, 'plastic.csv')
  const { newVersion } = await newPlastic(home, number, { file: out, maker: 'csv' }, OLA)
  t.equal(newVersion, 1)
  t.equal(statSync(out).mode & 0o777, 0o600)
  const [, line = ''] = readFileSync(out, 'utf8').split('\n')
  const [, same, , track1 = '', newTrack2 = '', , newEcode = ''] = line.split(',')
  t.equal(same, number)
  const reader = createCardReader(() => keys)
  t.match(
    reader.stripe(2, newTrack2.slice(1, -1)),
    { number, version: 1, genuine: true },
    'the switch takes it as a swipe',
  )
  t.match(reader.stripe(1, track1.slice(1, -1)), { number, version: 1, genuine: true })
  t.match(
    reader.stripe(2, track2),
    { version: 0, genuine: true },
    'the old one is genuine, and of a version that is past',
  )
  t.not(newEcode, ecode)
  t.equal((await showCard(home, number)).card.version, 1)
  await t.rejects(newPlastic(home, number, { file: out, maker: 'csv' }, OLA), /plastic\.csv is there already/)
  const unsold = demoCard('sellable', 70).number
  await t.rejects(newPlastic(home, unsold, { file: join(home, 'none.csv'), maker: 'csv' }, OLA), /refused: Card has not been sold/) // prettier-ignore
  t.throws(() => statSync(join(home, 'none.csv')), 'nothing is left of it')
})

t.test('a correction wants a second person', async (t) => {
  const { number } = demoCard('sold', 4)
  const credit = await adjustCard(home, number, 500, OLA)
  const debit = await adjustCard(home, number, -16_000, OLA)
  t.same((await listAdjustments(home, 10)).map(({ id, amount }) => [id, amount]), [[credit, 500], [debit, -16_000]]) // prettier-ignore
  await t.rejects(decideOnAdjustment(home, credit, true, 'ola'), /ola asked for it/)
  await decideOnAdjustment(home, credit, true, 'jan')
  await decideOnAdjustment(home, credit, true, 'jan')
  t.equal((await showCard(home, number)).card.ledger, 15_500, 'said twice, booked once')
  await t.rejects(decideOnAdjustment(home, credit, false, 'jan'), /was approved by jan/)
  await t.rejects(decideOnAdjustment(home, debit, true, 'jan'), /refused: Insufficient funds/)
  t.equal((await showCard(home, number)).card.ledger, 15_500)
  t.match((await showCard(home, number)).history.events, [{ event: 'adjustment_credit', who: 'jan' }])
})

t.test('expired, extended', async (t) => {
  const { number } = demoCard('expired')
  const run = await expireNow(home)
  t.same(run, { expired: 5, left: 0, busy: 0 })
  t.match((await showCard(home, number)).card, { state: 'expired', ledger: 0 })
  await t.rejects(extendCard(home, number, '2020-01-01', OLA), /2020-01-01 is past/)
  t.match(await extendCard(home, number, '2099-12-31', OLA), {
    state: 'sold',
    available: 15_000,
    validUntil: '2099-12-31',
  })
})

t.test('after all that the ledger adds up', async (t) => {
  t.same((await verifyLedger(access)).faults, [])
})

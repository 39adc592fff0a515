import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { demoCards, type DemoCardState } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { createCardReader } from '../../src/app/card-reader.ts'
import { adjustCard, decideAdjustment, listAdjustments } from '../../src/office/adjustments.ts'
import { blockCard, clearCard, duplicateCard, extendCard, showCard, unblockCard } from '../../src/office/cards.ts'
import { addCounterparty } from '../../src/office/counterparties.ts'
import { expireCards } from '../../src/office/expiry.ts'
import { decideCardChange } from '../../src/office/card-changes.ts'
import { newPlastic } from '../../src/office/new-plastic.ts'
import { completePackSale } from '../../src/office/pack-loads.ts'
import { makePack, planPack } from '../../src/office/pack-making.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { receivePack } from '../../src/office/pack-receiving.ts'
import { approvePackSale, askPackSale } from '../../src/office/pack-sale.ts'
import type { Selection } from '../../src/office/pack-selection.ts'
import { activatePack, dispatchPack, findPack } from '../../src/office/packs.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { engineSetting, STORE } from '../engine/engine-setting.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

/** The commands on the demo set in a real database. */

const setting = await engineSetting(t)
const { access } = setting
const home = mkdtempSync(join(tmpdir(), 'akart-office-'))
t.teardown(() => rmSync(home, { recursive: true, force: true }))
const office = await testOffice(t, access)
await everyChangeIsAudited(t, access, setting.connection)

const keys = deriveCardKeys(DEMO_MASTER)
const demo = demoCards(keys)
const demoCard = (state: DemoCardState, nth = 0) => {
  const card = demo.filter((one) => one.state === state && one.issue === 'OPEN')[nth]
  if (card === undefined) throw new Error('no such demo card')
  return card
}
const OLA = person('ola')
/** While there are no users. */
const ALONE = { ...OLA, nobodyElse: true } as const
const JAN = person('jan')
const reason = 'agreed'
const SHOP = { kind: 'store', code: STORE } as const

const file = (name: string, content: string) => ({ name, content })
const plan = (selection: Selection, issue = 'OPEN') => ok(planPack(office, OLA, { issue, selection }))
const show = (card: string) => ok(showCard(office, OLA, { card }))
const none = { serials: [], numbers: [], cards: [], files: [] }

t.test('cards are named by serials, numbers, one by one, by file', async (t) => {
  const numbers = [0, 1, 2, 3].map((nth) => demoCard('sellable', nth).number)
  const grouped = String(numbers[0]).replace(/(.{4})/g, '$1 ')
  const serials = numbers.map((_, nth) => demoCard('sellable', nth).serial)
  const rows: [what: string, selection: Selection][] = [
    ['serials', { ...none, serials: [`${serials[0]}-${serials[1]},${serials[2]}`, String(serials[3])] }],
    ['numbers', { ...none, numbers: [`${numbers[0]}..${numbers[3]}`] }],
    ['cards', { ...none, cards: [grouped, ...numbers.slice(1)] }],
    ['a plain list', { ...none, files: [file('plain.txt', `${numbers.join('\r\n')}\n\n`)] }],
    ['CSV', { ...none, files: [file('cards.csv', `shop;Number\nA;${numbers.join('\nB;')}\n`)] }],
    ['CSV of serials', { ...none, files: [file('serials.csv', `serial,note\n${serials.join(',x\n')},y\n`)] }],
  ]
  for (const [what, selection] of rows) {
    const { cards, ranges, findings } = await plan(selection)
    t.same([cards, ranges, [...findings]], [4, [{ first: serials[0], last: serials[3] }], []], what)
  }
  const wrong: [Selection, RegExp][] = [
    [none, /select cards: /],
    [
      { ...none, files: [file('wrong.txt', `${numbers[0]}\n12345\n`)] },
      /wrong\.txt:2: a card number has 16 to 19 digits/,
    ],
    [{ ...none, cards: ['6299100000000014'] }, /card 1: the check digit of 629910\*{6}0014 is wrong/],
    [{ ...none, serials: ['9-3'] }, /serials 9-3: expected FIRST-LAST/],
    [{ ...none, serials: ['0'] }, /a serial is a whole number from 1/],
    [{ ...none, files: [file('empty.csv', 'number\n')] }, /no cards in it/],
    [{ ...none, files: [file('open.csv', '"6299\n')] }, /open\.csv:\d+: not CSV/],
  ]
  for (const [selection, said] of wrong) await t.rejects(plan(selection), said)
  await t.rejects(plan({ ...none, serials: ['1'] }, 'NONE'), /there is no issue NONE/)
})

t.test('a pack is received by scanning; what is missing is lost, what is too much stays outside', async (t) => {
  const cards = [0, 1, 2].map((nth) => demoCard('sellable', nth))
  const input = { issue: 'OPEN', selection: { ...none, cards: cards.map(({ number }) => number) }, allowed: [] }
  const nowhere = { kind: 'store', code: 'NOWHERE' } as const
  await t.rejects(ok(makePack(office, OLA, { ...input, recipient: nowhere })), /there is no store NOWHERE/)
  const { pack: id } = await ok(makePack(office, OLA, { ...input, recipient: SHOP }))
  if (id === null) throw new Error('no pack was made')
  const again = await ok(makePack(office, OLA, { ...input, recipient: SHOP }))
  t.same([again.pack, again.plan.findings.get('taken')?.count], [null, 3], 'nothing is saved while something is wrong')
  await ok(dispatchPack(office, OLA, { pack: id, reason }))
  const receive = (scanned: readonly string[], missingAreLost: boolean) =>
    ok(receivePack(office, OLA, { pack: id, scanned: { cards: scanned, files: [] }, missingAreLost, reason }))
  const [one, two, three] = cards.map(({ number }) => number)
  const stranger = demoCard('sellable', 50)
  const wrong = await receive([String(one), stranger.number], true)
  t.same(wrong, {
    received: false,
    differences: { missing: [cards[1]?.serial, cards[2]?.serial], surplus: [stranger.serial] },
    lost: 0,
  })
  const short = await receive([String(one), String(two)], false)
  t.equal(short.received, false)
  t.equal((await ok(findPack(office, OLA, { pack: id }))).pack.state, 'dispatched')
  const done = await receive([String(one), String(two)], true)
  t.same([done.received, done.lost], [true, 1])
  const { card, history } = await show(String(three))
  t.equal(card.block, 'lost')
  t.match(history.events, [{ event: 'block', detail: 'lost', who: 'ola', reason: 'agreed' }])

  await ok(activatePack(office, OLA, { pack: id }))
  await t.rejects(receive([String(one)], true), /pack \d+ is active; it must be dispatched/)
  t.equal((await show(String(two))).card.block, null, 'a pack that cannot be received loses no cards')
})

t.test('two people receive a pack at once: one does, and only what that one missed is lost', async (t) => {
  const cards = [30, 31, 32].map((nth) => demoCard('sellable', nth))
  const numbers = cards.map(({ number }) => number)
  const input = { issue: 'OPEN', selection: { ...none, cards: numbers }, allowed: [], recipient: SHOP }
  const { pack: id } = await ok(makePack(office, OLA, input))
  await ok(dispatchPack(office, OLA, { pack: id ?? 0, reason }))
  const receive = (actor: typeof OLA, scanned: readonly string[]) =>
    receivePack(office, actor, { pack: id ?? 0, scanned: { cards: scanned, files: [] }, missingAreLost: true, reason })
  const both = await Promise.all([receive(OLA, numbers.slice(1)), receive(JAN, numbers.slice(0, 2))])
  const first = both.findIndex((receipt) => !isRefused(receipt))
  t.match(both[first], { received: true, lost: 1 })
  t.match(both[1 - first], { refused: 'pack_state' })
  const blocks = await Promise.all(numbers.map(async (number) => (await show(number)).card.block))
  t.same(blocks, first === 0 ? ['lost', null, null] : [null, null, 'lost'])
})

t.test('a pack is sold to a counterparty', async (t) => {
  await ok(addCounterparty(office, OLA, { code: 'ACME', name: 'Acme sp. z o.o.' }))
  await t.rejects(ok(addCounterparty(office, OLA, { code: 'ACME', name: 'Acme' })), /counterparty ACME already exists/)
  const cards = [10, 11, 12].map((nth) => demoCard('sellable', nth))
  const selection = { ...none, cards: cards.map(({ number }) => number) }
  const recipient = { kind: 'counterparty', code: 'ACME' } as const
  const { pack: id } = await ok(makePack(office, OLA, { issue: 'OPEN', selection, recipient, allowed: [] }))
  if (id === null) throw new Error('no pack was made')
  await ok(activatePack(office, OLA, { pack: id, skip: true }))
  await t.rejects(ok(askPackSale(office, OLA, { pack: id, amount: null })), /has no nominal: .*: give --amount/)
  t.equal(await ok(askPackSale(office, OLA, { pack: id, amount: 5_000 })), 5_000)
  const seen: number[] = []
  await ok(approvePackSale(office, JAN, { pack: id }))
  const pack = await ok(completePackSale(office, id, (loaded) => seen.push(loaded)))
  t.same([pack.state, seen], ['sold', [3]])
  t.match((await show(`OPEN:${cards[0]?.serial}`)).card, { state: 'sold', ledger: 5_000, available: 5_000 })
})

t.test('blocked and unblocked, with who and why; a suspicion is cleared', async (t) => {
  const { number, serial } = demoCard('sold', 1)
  await ok(blockCard(office, OLA, { card: number, block: 'lost', reason }))
  t.equal((await show(number)).card.block, 'lost')
  await ok(unblockCard(office, JAN, { card: `OPEN:${serial}`, reason }))
  await t.rejects(ok(unblockCard(office, JAN, { card: number, reason })), /is not blocked/)
  await t.rejects(ok(clearCard(office, JAN, { card: number, reason })), /is not under suspicion: it may be sold/)
  const suspected = `UPDATE cards SET suspected_at = UTC_TIMESTAMP(3) WHERE issue_id = 1 AND serial = ${serial}`
  await office.db.use((one) => one.send(suspected))
  await ok(clearCard(office, JAN, { card: number, reason }))
  const { card, history } = await show(number)
  t.equal(card.block, null)
  t.same(
    history.events.map(({ event, who, reason, detail }) => [event, who, reason, detail]),
    [
      ['block', 'ola', 'agreed', 'lost'],
      ['unblock', 'jan', 'agreed', null],
      ['clear', 'jan', 'agreed', null],
    ],
  )
  await t.rejects(
    ok(blockCard(office, OLA, { card: 'OPEN:99999', block: 'lost', reason })),
    /there is no card OPEN:99999/,
  )
})

t.test('another number, or new plastic of the same', async (t) => {
  const old = demoCard('sold', 2)
  const fresh = demoCard('sellable', 60)
  await ok(duplicateCard(office, OLA, { card: old.number, onto: fresh.number, reason }))
  t.match((await show(fresh.number)).card, { state: 'sold', available: 15_000 })
  await t.rejects(
    ok(duplicateCard(office, OLA, { card: old.number, onto: demoCard('sellable', 61).number, reason })),
    /refused: Unknown card/,
  )

  const { number, track2, ecode } = demoCard('sold', 3)
  const out = join(home, 'plastic.csv')
  const plastic = { card: number, file: out, maker: 'csv', reason }
  const { waits } = await ok(newPlastic(office, OLA, plastic))
  t.notOk(existsSync(out), 'a second person is asked first')
  const approval = { id: waits ?? 0, approve: true, reason: 'seen' }
  await t.rejects(ok(decideCardChange(office, OLA, approval)), /OLA|ola/iu)
  await ok(decideCardChange(office, person('ewa'), approval))
  const { newVersion } = await ok(newPlastic(office, OLA, plastic))
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
  t.equal((await show(number)).card.version, 1)
  await t.rejects(ok(newPlastic(office, ALONE, plastic)), /plastic\.csv already exists/)
  t.type((await ok(newPlastic(office, OLA, plastic))).waits, 'number', 'an approval is good for one plastic')
  const unsold = demoCard('sellable', 70).number
  await t.rejects(ok(newPlastic(office, ALONE, { card: unsold, file: join(home, 'none.csv'), maker: 'csv', reason })), /refused: Card has not been sold/) // prettier-ignore
  t.throws(() => statSync(join(home, 'none.csv')), 'nothing is left of it')
})

t.test('a correction wants a second person', async (t) => {
  const { number } = demoCard('sold', 4)
  const credit = await ok(adjustCard(office, OLA, { card: number, amount: 500, reason }))
  const debit = await ok(adjustCard(office, OLA, { card: number, amount: -16_000, reason }))
  t.same((await ok(listAdjustments(office, OLA, { most: 10 }))).map(({ id, amount }) => [id, amount]), [[debit, -16_000], [credit, 500]]) // prettier-ignore
  await t.rejects(ok(decideAdjustment(office, OLA, { id: credit, approve: true })), /ola proposed it/)
  await ok(decideAdjustment(office, JAN, { id: credit, approve: true }))
  await ok(decideAdjustment(office, JAN, { id: credit, approve: true }))
  t.equal((await show(number)).card.ledger, 15_500, 'said twice, booked once')
  await t.rejects(ok(decideAdjustment(office, JAN, { id: credit, approve: false })), /was approved by jan/)
  await t.rejects(ok(decideAdjustment(office, JAN, { id: debit, approve: true })), /refused: Insufficient funds/)
  t.equal((await show(number)).card.ledger, 15_500)
  t.match((await show(number)).history.events, [{ event: 'adjustment_credit', who: 'jan' }])
})

t.test('expired, extended', async (t) => {
  const { number } = demoCard('expired')
  const run = await ok(expireCards(office, OLA))
  t.same(run, { expired: 5, left: 0, busy: 0 })
  t.match((await show(number)).card, { state: 'expired', ledger: 0 })
  await t.rejects(ok(extendCard(office, OLA, { card: number, until: '2020-01-01', reason })), /1 Jan 2020 is past/)
  t.match(await ok(extendCard(office, OLA, { card: number, until: '2099-12-31', reason })), {
    state: 'sold',
    available: 15_000,
    validUntil: '2099-12-31',
  })
})

t.test('after all that the ledger adds up', async (t) => {
  t.same((await verifyLedger(access)).faults, [])
})

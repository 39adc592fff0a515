import { createHash } from 'node:crypto'
import t from 'tap'
import { checkValueMatches } from '../../src/cards/check-value.ts'
import { demoCards } from '../../src/demo/cards.ts'
import { cardsCsv, terminalsCsv } from '../../src/demo/csv-files.ts'
import { DEMO_ISSUES, demoIssues, demoStores, demoTerminals } from '../../src/demo/setting.ts'
import { isEcode } from '../../src/cards/ecode.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { isLuhn } from '../../src/cards/number.ts'
import { parseTrack1, parseTrack2 } from '../../src/cards/track.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const cards = demoCards(keys)

void t.test('as many cards of each kind as the design says', async (t) => {
  const kinds = new Map<string, number>()
  for (const { issue, state, balance } of cards) {
    const kind = `${issue} ${state} ${balance}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  t.same(Object.fromEntries(kinds), {
    'OPEN sellable 0': 100,
    'OPEN sold 15000': 100,
    'OPEN blocked 15000': 5,
    'OPEN expired 15000': 5,
    'OPEN inactive 0': 5,
    'GIFT50 sellable 0': 50,
    'GIFT50 sold 5000': 10,
  })
  t.match(
    cards.find(({ number }) => number === '6299100000000047'),
    { issue: 'OPEN', state: 'sold', serial: 4 },
    'the card of the interface',
  )
})

void t.test('every card is whole', async (t) => {
  for (const column of ['number', 'barcode', 'ecode', 'track1', 'track2'] as const)
    t.equal(new Set(cards.map((c) => c[column])).size, cards.length, `${column}s are unique`)
  for (const issue of ['OPEN', 'GIFT50'] as const)
    t.same(
      cards.filter((c) => c.issue === issue).map((c) => c.serial),
      Array.from({ length: issue === 'OPEN' ? 215 : 60 }, (_, i) => i + 1),
    )
  for (const card of cards) {
    const stripe = parseTrack2(card.track2)
    if (stripe === 'not_a_track') throw new Error(`serial ${card.serial} has no track 2`)
    const fault =
      (!isLuhn(card.number) && 'check digit') ||
      (!card.number.startsWith(DEMO_ISSUES[card.issue].prefix) && 'prefix') ||
      (card.number.length !== 16 && 'length') ||
      (!isEcode(card.ecode) && 'eCode') ||
      (card.barcode !== card.number && 'barcode') ||
      (stripe.number !== card.number && 'number on the stripe') ||
      (stripe.serviceCode + stripe.version !== '72200' && 'service code or version') ||
      (stripe.expiry !== (card.state === 'expired' ? '2412' : '4912') && 'expiry on the stripe') ||
      (card.validUntil !== (card.state === 'expired' ? '2024-12-31' : null) && 'last day') ||
      (!checkValueMatches(keys, stripe, stripe.checkValue) && 'check value') ||
      (JSON.stringify(parseTrack1(card.track1)) !== JSON.stringify(stripe) && 'track 1')
    if (fault !== false) t.fail(`${card.issue} ${card.serial}: ${fault}`)
  }
})

void t.test('files', async (t) => {
  const csv = cardsCsv(cards)
  const lines = csv.split('\n')
  t.equal(lines[0], 'number,track1,track2,barcode,ecode,issue,state,balance')
  t.equal(lines.length, 1 + cards.length + 1)
  t.match(
    lines[4],
    /^6299100000000047,B6299100000000047\^GIFT CARD\^491272200\d{8},6299100000000047=491272200\d{8},6299100000000047,[3-9A-Y]{4}(-[3-9A-Y]{4}){3},OPEN,sold,15000$/,
  )
  t.equal(cardsCsv(demoCards(deriveCardKeys(DEMO_MASTER))), csv)
  t.equal(
    createHash('sha256').update(csv).digest('hex'),
    '7e56a9231d90ed74b89a564053fc0ca493c224d96510787af56f9fe9fcaacaac',
    'the demo set is the same for ever: a change breaks scenarios, docs and databases made before',
  )
  t.not(cardsCsv(demoCards(deriveCardKeys(Buffer.alloc(32)))), csv, 'other keys, other cards')
  t.throws(() => cardsCsv(cards.slice(0, 1).map((c) => ({ ...c, ecode: 'A,B' }))), RangeError)

  t.equal(
    terminalsCsv(demoTerminals),
    [
      'terminal,store,confirmation,mac,key',
      'DEMO0001,000000000000001,explicit,none,',
      'DEMO0002,000000000000001,explicit,retail,0123456789abcdeffedcba9876543210',
      'DEMO0003,000000000000001,explicit,aes-cmac,2b7e151628aed2a6abf7158809cf4f3c',
      'DEMO0004,000000000000001,none,none,',
      'DEMO0005,000000000000001,next,none,',
      'DEMO0006,000000000000002,explicit,none,',
      '',
    ].join('\n'),
  )
})

void t.test('the setting', async (t) => {
  t.same(
    demoStores.map((s) => [s.id, s.currency, s.timeZone]),
    [
      ['000000000000001', 985, 'Europe/Warsaw'],
      ['000000000000002', 985, 'Europe/Warsaw'],
    ],
  )
  t.same(new Set(demoTerminals.map((terminal) => terminal.store)), new Set(demoStores.map((store) => store.id)))
  t.same(
    demoIssues.map((issue) => issue.code),
    ['OPEN', 'GIFT50'],
  )
  // The demo data of docs/operations.md.
  t.match(DEMO_ISSUES.OPEN, {
    currency: 985,
    saleMin: 1_000,
    saleMax: 100_000,
    saleStep: 1,
    topUpAllowed: true,
    topUpMin: 1_000,
    topUpMax: 100_000,
    maxBalance: 200_000,
    partialApproval: true,
    refundOntoCard: true,
    refundOntoNew: true,
    unreceiptedRefundMax: 50_000,
    cashOutMax: 500,
    payByBarcodeOrKeyed: false,
    balanceByBarcodeOrKeyed: true,
  })
  t.match(DEMO_ISSUES.GIFT50, { valueKind: 'nominal', nominal: 5_000, topUpAllowed: false })
})

t.test('a further set has other cards, as many of each kind', async (t) => {
  const further = demoCards(keys, { OPEN: 216, GIFT50: 61 })
  const kinds = (all: typeof cards) => all.map(({ issue, state, balance }) => `${issue} ${state} ${balance}`)
  t.same(kinds(further), kinds(cards))
  t.equal(new Set([...cards, ...further].map(({ number }) => number)).size, 2 * cards.length)
  t.equal(new Set([...cards, ...further].map(({ ecode }) => ecode)).size, 2 * cards.length)
})

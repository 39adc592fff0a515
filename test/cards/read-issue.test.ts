import t from 'tap'
import { readIssue } from '../../src/cards/read-issue.ts'

const TODAY = '2026-11-25'
const PLAN = 'code=XMAS26 name=Christmas prefix=629914 count=1000 saleMinimum=10 saleMaximum=500'

const given = (text: string): Map<string, string> =>
  new Map(text.split(' ').map((word) => [word.split('=')[0] ?? '', word.slice(word.indexOf('=') + 1)]))

/** `setting text` of every fault; '' where there is none. */
function faultsOf(more: string): string {
  const read = readIssue(new Map([...given(PLAN), ...(more === '' ? [] : given(more))]), TODAY)
  return 'faults' in read ? read.faults.map(({ setting, text }) => `${setting} ${text}`).join('; ') : ''
}

t.test('what is said, and what follows where nothing is', async (t) => {
  const read = readIssue(
    given(`${PLAN} saleMaximum=49.9 topUpMinimum=5 topUpMaximum=100 soldIn=S1,S2 packs=no barcode=ean13`),
    TODAY,
  )
  t.match(read, {
    settings: {
      code: 'XMAS26', currency: 985, length: 16, count: 1_000, body: 'scrambled', eanPrefix: '29',
      saleMinimum: 10_00, saleMaximum: 49_90, saleStep: 1, topUpStep: 1, topUpCount: null, maximumBalance: 49_90,
      refundOntoCard: true, cashOutMaximum: 0, validUntil: null, packs: false, soldIn: ['S1', 'S2'], acceptedIn: null,
    },
  }) // prettier-ignore
  const nominal = readIssue(given('code=G name=G prefix=629914 count=1 nominal=50'), TODAY)
  for (const [more, faults] of [
    ['saleMinimum=10', ['saleMinimum']],
    ['saleMinimum=10 saleMaximum=90 saleStep=5', ['saleMinimum', 'saleMaximum', 'saleStep']],
    ['saleMinimum=50 saleMaximum=none', []],
  ] as const) {
    const read = readIssue(given(`code=G name=G prefix=629914 count=1 nominal=50 ${more}`), TODAY)
    const [text, pl] = ['follows from the nominal: leave it out', 'wynika z nominału: zostaw puste']
    t.same('faults' in read ? read.faults : [], faults.map((setting) => ({ setting, text, pl })), more) // prettier-ignore
  }
  t.match(nominal, { settings: { saleMinimum: 5_000, saleMaximum: 5_000, saleStep: 1, maximumBalance: 5_000 } })
})

t.test('amounts have the decimals of their currency', async (t) => {
  const rows: [string, number | string][] = [
    ['currency=985 saleStep=0.05', 5],
    ['currency=392 saleStep=5', 5],
    ['currency=392 saleStep=5.0', 'saleStep must be an amount such as 50 or 49.90, below 10000000000; it is 5.0; JPY has no decimals'],
    ['currency=414 saleStep=0.005', 5],
    ['currency=414 saleStep=0.05', 50],
    ['currency=414 saleStep=1000000000', 'saleStep must be an amount such as 50 or 49.90, below 10000000000; it is 1000000000; KWD has 3 decimals'],
  ] // prettier-ignore
  for (const [more, wanted] of rows) {
    const read = readIssue(new Map([...given(PLAN), ...given(more)]), TODAY)
    const found =
      'settings' in read ? read.settings.saleStep : read.faults.map((one) => `${one.setting} ${one.text}`).join('; ')
    t.equal(found, wanted, more)
  }
  const yen = readIssue(given(`${PLAN} currency=392`), TODAY)
  if ('faults' in yen) throw new Error('no issue')
  t.equal(yen.settings.saleMaximum, 500)
  t.match(
    readIssue(given('saleMaximum=400'), TODAY, yen.settings),
    { settings: { saleMaximum: 400 } },
    'a change knows it',
  )
})

t.test('a change leaves what it does not say', async (t) => {
  const first = readIssue(given(`${PLAN} cashOutMaximum=5 validityMonths=12`), TODAY)
  if ('faults' in first) throw new Error('no issue')
  const changed = readIssue(given('saleMaximum=400 validityMonths=none'), TODAY, first.settings)
  t.match(changed, { settings: { ...first.settings, saleMaximum: 400_00, validityMonths: null } })
})

t.test('every fault names its setting', async (t) => {
  const rows: [string, string][] = [
    ['', ''],
    ['code=xmas', 'code must be up to 20 capitals, digits, hyphens and underscores; it is xmas'],
    ['prefix=62991', 'prefix must be 6 to 8 digits; it is 62991'],
    ['prefix=629914012', 'prefix must be 6 to 8 digits; it is 629914012'],
    ['length=20', 'length must be a whole number of digits from 16 to 19; it is 20'],
    ['count=0', 'count must be a whole number of cards from 1 to 10000000; it is 0'],
    ['medium=paper', 'medium must be one of stripe, barcode, stripe_barcode, virtual; it is paper'],
    ['saleStep=0.001', 'saleStep must be an amount such as 50 or 49.90, below 10000000000; it is 0.001'],
    ['saleStep=0', 'saleStep must be above 0'],
    ['saleMinimum=-1', 'saleMinimum must be an amount such as 50 or 49.90, below 10000000000, or none; it is -1'],
    ['saleMinimum=none', 'saleMinimum is missing; give it, or the nominal'],
    ['saleMaximum=5', 'saleMaximum must not be below saleMinimum'],
    ['maximumBalance=499.99', 'maximumBalance must not be below saleMaximum'],
    ['topUpMinimum=5', 'topUpMaximum and topUpMinimum belong together: say both or neither'],
    ['topUpMinimum=5 topUpMaximum=4', 'topUpMinimum must be above 0 and not above topUpMaximum'],
    [
      'nominal=0',
      'saleMinimum is missing; give it, or the nominal; nominal must be above 0; maximumBalance must not be below saleMaximum',
    ],
    ['validUntil=2027-02-30', 'validUntil must be a date such as 2027-12-31, or none; it is 2027-02-30'],
    ['validUntil=2026-11-25', 'validUntil must lie in the future'],
    ['validUntil=2027-11-25 validityMonths=3', 'validityMonths and validUntil exclude each other'],
    ['voucherKind=single', 'vatRate is said where voucherKind is single, and only there'],
    ['vatRate=23', 'vatRate is said where voucherKind is single, and only there'],
    ['voucherKind=single vatRate=1.234', 'vatRate must be a rate in per cent such as 23 or 5.5, or none; it is 1.234'],
    ['eanPrefix=29', 'eanPrefix is for barcode ean13 only'],
    ['barcode=ean13 eanPrefix=2900000', 'eanPrefix must be 2 to 6 digits, or none; it is 2900000'],
    ['barcode=ean13 eanPrefix=290000 count=1000001', 'count does not fit an EAN-13 with this eanPrefix'],
    ['medium=virtual ecodes=no', 'ecodes must be yes where the medium is virtual: nothing else proves such a card'],
    ['medium=barcode ecodes=no', 'payByNumber or ecodes must be yes where the medium is barcode: nothing else can pay'],
    [
      'body=sequential payByNumber=yes',
      'payByNumber must be no where the body is sequential: the next number can be guessed',
    ],
    ['prefix=62991401 count=10000000', ''],
    ['packs=perhaps', 'packs must be yes or no; it is perhaps'],
    ['soldIn=S1,,S2', 'soldIn must be the codes of stores, with commas between them, or all; it is S1,,S2'],
    ['colour=red', 'colour is not a setting; there are code, name, '],
  ]
  for (const [more, wanted] of rows) {
    const found = faultsOf(more)
    t.equal(more === 'colour=red' ? found.slice(0, wanted.length) : found, wanted, more)
  }
  const nothing = readIssue(new Map(), TODAY)
  t.same('faults' in nothing && nothing.faults.map(({ setting }) => setting), ['code', 'name', 'prefix', 'count'])
})

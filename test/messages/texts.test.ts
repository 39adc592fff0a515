import t from 'tap'
import { createHash } from 'node:crypto'
import { isApproved, NOT_STORED, RESULTS, type Result } from '../../src/core/result.ts'
import { RESPONSE_CODES } from '../../src/messages/response-code.ts'
import { TEXTS, textOf } from '../../src/messages/texts.ts'

/** First 8 digits of the SHA-256 of `["pl","en"]`. A line is added for a new text, and never changed. */
const LANDED: Readonly<Record<string, string>> = {
  approved_partially: '2f762b1b',
  approved_with_case: 'd30d5d4e',
  approved_though_blocked: '81c83329',
  approved_though_expired: 'a2d4fa58',
  format_error: 'a699926d',
  unknown_terminal: '68e9ca64',
  bad_mac: 'c5400ec6',
  not_signed_on: '9cd3acc3',
  wrong_store: '718ec664',
  unsupported: 'b3eb20c0',
  key_reused: 'caf12e04',
  unknown_card: '2f0a6cb9',
  wrong_ecode: '8036095b',
  too_many_tries: '2441b0a8',
  original_not_found: 'ce906b11',
  original_reversed: '7b164651',
  original_done: 'b492184f',
  original_late: '8aae5e2c',
  original_spent: '94e438cf',
  amount_differs: '1718421a',
  card_lost: 'dc2fda42',
  card_stolen: '073eaaa2',
  card_blocked: '81c83329',
  card_expired: 'a2d4fa58',
  card_unsold: 'a3f285ac',
  pack_inactive: 'ffc430c7',
  card_sold: 'e5c1816a',
  card_to_be_checked: 'a3da4305',
  entry_not_permitted: '50780f14',
  issue_not_permitted: '994c7262',
  store_not_permitted: 'd5fa4312',
  top_up_not_permitted: '1c5bce10',
  refund_not_permitted: '8ab92d51',
  amount_invalid: '0d71e656',
  amount_not_nominal: '1d17c91a',
  amount_below_minimum: '4cbe4d1a',
  amount_above_maximum: 'c81d56ad',
  amount_off_step: 'e01d5224',
  exceeds_maximum_balance: '5ca9f014',
  exceeds_amount_limit: 'f1d49e9f',
  exceeds_count_limit: 'bcc4007e',
  exceeds_balance: '91a811dd',
  upstream_silent: '74b7ec35',
  totals_differ: '3edbd5df',
  overloaded: '1417d95f',
  malfunction: '2dbc0e7b',
}

const digest = (texts: { readonly pl: string; readonly en: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([texts.pl, texts.en]))
    .digest('hex')
    .slice(0, 8)

const written = RESULTS.flatMap((result) => {
  const texts = TEXTS[result]
  return texts === null ? [] : [{ result, texts }]
})

t.test('a text that has landed stays as it is', async (t) => {
  for (const { result, texts } of written) {
    const found = digest(texts)
    const landed = LANDED[result]
    if (landed === undefined) t.fail(`a new text: add "${result}: '${found}'," to LANDED`)
    else {
      t.equal(
        found,
        landed,
        `${result}: repeats of old requests get this text for 13 months; for another wording add another result`,
      )
    }
  }
  const gone = Object.keys(LANDED).filter((result) => !written.some((one) => one.result === result))
  t.same(gone, [], 'a text that has landed is not taken away either')
})

t.test('a line of a receipt: ASCII, at most 40 characters, in both languages', async (t) => {
  for (const { result, texts } of written) {
    for (const [language, text] of Object.entries(texts)) {
      t.match(text, /^[A-Za-z0-9][ -~]{2,38}[a-zA-Z]$/, `${result} ${language}`)
    }
    t.not(texts.pl, texts.en, `${result} is translated`)
  }
  t.same(
    RESULTS.filter((result) => TEXTS[result] === null),
    ['approved'],
    'only a plain approval says nothing',
  )
  t.equal(textOf('approved', 'pl'), null)
  t.equal(textOf('exceeds_balance', 'pl'), 'Brak srodkow')
})

/** Section 6 of the terminal interface: DE 39 and the words that DE 44 may hold with it. */
const SECTION_6: Readonly<Record<string, readonly string[]>> = {
  '00': ['', 'CASE'],
  '10': [''],
  '03': ['STORE'],
  '12': [''],
  '13': ['AMOUNT', 'MIN', 'MAX', 'STEP', 'NOMINAL'],
  '14': [''],
  '21': ['SPENT', 'DONE', 'REVERSED', 'LATE'],
  '25': [''],
  '30': [''],
  '41': [''],
  '43': [''],
  '51': [''],
  '54': [''],
  '55': [''],
  '57': ['ENTRY', 'ISSUE', 'STORE', 'TOPUP', 'REFUND'],
  '58': ['TERMINAL', 'SIGNON'],
  '61': ['BALANCE', 'AMOUNT'],
  '62': ['BLOCKED'],
  '63': ['MAC'],
  '64': [''],
  '65': ['COUNT'],
  '75': [''],
  '78': ['UNSOLD', 'PACK', 'SOLD', 'CHECK'],
  '91': [''],
  '94': [''],
  '95': [''],
  '96': [''],
}

t.test('every code and reason of section 6 is given by some result, and no other', async (t) => {
  const given = new Map<string, Set<string>>()
  for (const { code, reason } of Object.values(RESPONSE_CODES)) {
    given.set(code, (given.get(code) ?? new Set()).add(reason ?? ''))
  }
  t.same([...given.keys()].sort(), Object.keys(SECTION_6).sort())
  for (const [code, reasons] of Object.entries(SECTION_6)) {
    t.same([...(given.get(code) ?? [])].sort(), [...reasons].sort(), code)
  }
})

/** The order of section 6; `approved` ones aside, RESULTS must follow it, since the first that applies is the answer. */
const ORDER = [
  ['30'], ['58'], ['63'], ['58'], ['03'], ['12'], ['94'], ['14'], ['55', '75'], ['25', '21', '64'], ['41', '43', '62'],
  ['54'], ['78'], ['57'], ['13'], ['61', '65'], ['51'],
] as const // prettier-ignore
const LAST = ['91', '95', '96']

t.test('the results are listed in the order of section 6', async (t) => {
  let place = 0
  for (const result of RESULTS.filter((one) => !isApproved(one))) {
    const { code } = RESPONSE_CODES[result]
    if (LAST.includes(code)) continue
    while (place < ORDER.length && !(ORDER[place] as readonly string[]).includes(code)) place += 1
    t.ok(place < ORDER.length, `${result} ${code}`)
  }
})

t.test('answers 30, 58, 63, 94 and 96 are not stored, all others are', async (t) => {
  const unstored = new Set(['30', '58', '63', '94', '96'])
  for (const result of RESULTS) {
    t.equal(NOT_STORED.has(result), unstored.has(RESPONSE_CODES[result].code), result satisfies Result)
  }
})

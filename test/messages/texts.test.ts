import iconv from 'iconv-lite'
import t, { type Test } from 'tap'
import { createHash } from 'node:crypto'
import { CHARACTER_SETS, type CharacterSet, LANGUAGES } from '../../src/core/registry.ts'
import { isApproved, NOT_STORED, RESULTS, type Result } from '../../src/core/result.ts'
import { TEXT_SETS } from '../../src/iso8583/text-set.ts'
import { RESPONSE_CODES } from '../../src/messages/response-code.ts'
import { TEXTS, textOf } from '../../src/messages/texts.ts'

/**
 * First 8 digits of the SHA-256 of `["pl","en"]` as terminals with ASCII get them. A line is added for a new text, and
 * never changed.
 */
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
  too_many_numbers: '2441b0a8',
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

/** The same of those that other terminals get otherwise: with their diacritics. */
const LANDED_SPELLED: Readonly<Record<string, string>> = {
  approved_partially: 'e73b27be',
  approved_with_case: '2d09723a',
  approved_though_expired: 'e2509e00',
  format_error: '6be55fd3',
  bad_mac: '8ad8c239',
  wrong_store: '06d112d3',
  unsupported: 'f3721e2e',
  key_reused: 'ffc1f876',
  wrong_ecode: 'f7fd718d',
  too_many_tries: '71df5040',
  too_many_numbers: '71df5040',
  original_done: '17fd1fb2',
  original_late: '6ddcb358',
  original_spent: 'b3624f4f',
  amount_differs: 'cb6d50db',
  card_expired: 'e2509e00',
  card_unsold: '837876fb',
  card_sold: 'bf396777',
  entry_not_permitted: '2d85fe19',
  top_up_not_permitted: 'bf947dae',
  refund_not_permitted: '4e7982f8',
  amount_invalid: '0e9dd32c',
  amount_not_nominal: 'e0217a52',
  amount_below_minimum: '4c63a560',
  amount_above_maximum: '03a4ac2f',
  amount_off_step: '16d0fa7b',
  exceeds_balance: '68b50af5',
  overloaded: 'd7e2aa4a',
  malfunction: '6c98722a',
}

type Pair = { readonly pl: string; readonly en: string }

const digest = ({ pl, en }: Pair): string =>
  createHash('sha256')
    .update(JSON.stringify([pl, en]))
    .digest('hex')
    .slice(0, 8)

const inSet = (result: Result, characterSet: CharacterSet): Pair => ({
  pl: textOf(result, { language: 'pl', characterSet }) ?? '',
  en: textOf(result, { language: 'en', characterSet }) ?? '',
})

const written = RESULTS.flatMap((result) => {
  const texts = TEXTS[result]
  return texts === null ? [] : [{ result, texts, plain: inSet(result, 'ascii') }]
})
const spelled = written.filter(({ texts, plain }) => digest(texts) !== digest(plain))

function staysAsItLanded(t: Test, table: string, landed: Readonly<Record<string, string>>, found: [Result, Pair][]) {
  for (const [result, pair] of found) {
    const known = landed[result]
    if (known === undefined) t.fail(`a new text: add "${result}: '${digest(pair)}'," to ${table}`)
    else {
      t.equal(
        digest(pair),
        known,
        `${result}: repeats of old requests get this text for 13 months; for another wording add another result`,
      )
    }
  }
  const gone = Object.keys(landed).filter((result) => !found.some(([one]) => one === result))
  t.same(gone, [], 'a text that has landed is not taken away either')
}

t.test('a text that has landed stays as it is', async (t) => {
  staysAsItLanded(
    t,
    'LANDED',
    LANDED,
    written.map(({ result, plain }) => [result, plain]),
  )
  staysAsItLanded(
    t,
    'LANDED_SPELLED',
    LANDED_SPELLED,
    spelled.map(({ result, texts }) => [result, texts]),
  )
})

t.test('a line of a receipt: at most 40 bytes in both languages and in every character set', async (t) => {
  for (const { result, texts, plain } of written) {
    for (const language of LANGUAGES) {
      t.match(plain[language], /^[A-Za-z0-9][ -~]{2,38}[a-zA-Z]$/, `${result} ${language}`)
      t.match(texts[language], /^[A-Za-z0-9ąćęłńóśźżĄĆĘŁŃÓŚŹŻ][ -~ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]*$/, `${result} ${language}`)
      for (const set of TEXT_SETS) {
        const bytes = iconv.encode(texts[language], set)
        t.ok(bytes.length <= 40, `${result} ${language} ${set}: ${bytes.length} bytes`)
        t.equal(iconv.decode(bytes, set), texts[language], `${result} ${language} ${set}`)
        t.same(inSet(result, set), texts, `${result} is spelled in ${set}`)
      }
    }
    t.equal(texts.en, plain.en, `${result}: English needs no other letters`)
    t.not(texts.pl, texts.en, `${result} is translated`)
  }
  t.ok(spelled.length > 20)
  t.same(CHARACTER_SETS, ['ascii', ...TEXT_SETS], 'what a terminal can have, the codec has')
  t.same(
    RESULTS.filter((result) => TEXTS[result] === null),
    ['approved'],
    'only a plain approval says nothing',
  )
  t.same(inSet('approved', 'cp852'), { pl: '', en: '' })
  t.same(inSet('exceeds_balance', 'ascii'), { pl: 'Brak srodkow', en: 'Insufficient funds' })
  t.same(inSet('exceeds_balance', 'cp852'), { pl: 'Brak środków', en: 'Insufficient funds' })
})

/** docs/spec/terminal.md, section 6: DE 39 and the words that DE 44 may hold with it. */
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

t.test(
  'answers 30, 58, 63, 94 and 96 are not stored, nor 75 to who names too many numbers; all others are',
  async (t) => {
    const unstored = new Set(['30', '58', '63', '94', '96'])
    for (const result of RESULTS) {
      const isUnstored = unstored.has(RESPONSE_CODES[result].code) || result === 'too_many_numbers'
      t.equal(NOT_STORED.has(result), isUnstored, result satisfies Result)
    }
  },
)

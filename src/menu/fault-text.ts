import type { BodyFault } from '../http/body-fault.ts'
import type { Words } from '../office/refusal.ts'
import type { Language } from './call.ts'

/** A caller's own name of a member may be of any length. */
const NAMED_LENGTH = 100

/** What is wrong with a member of a request, and what was expected of it. */
export function faultText({ pointer, text, rule }: BodyFault, language: Language): string {
  const name = pointer.slice(0, NAMED_LENGTH)
  const said = RULES[rule.keyword]?.(rule.params as Params)
  if (language === 'pl') return `${name === '' ? 'Żądanie' : name}: ${said?.pl ?? 'nieprawidłowa wartość'}.`
  return `${name === '' ? 'The request' : name} ${said?.en ?? text}.`
}

type Params = {
  readonly type: string | readonly string[]
  readonly pattern: string
  readonly limit: number
  readonly comparison: string
  readonly allowedValues: readonly unknown[]
}

const TYPES: Readonly<Record<string, Words>> = {
  string: { en: 'text', pl: 'tekst' },
  integer: { en: 'a whole number', pl: 'liczba całkowita' },
  number: { en: 'a number', pl: 'liczba' },
  boolean: { en: 'true or false', pl: 'true albo false' },
  array: { en: 'a list', pl: 'lista' },
  object: { en: 'an object with named members', pl: 'obiekt z nazwanymi polami' },
  null: { en: 'null', pl: 'null' },
}

const UNKNOWN: Words = { en: 'is not known here', pl: 'nieznana nazwa' }
const count = (en: string, pl: string): Words => ({ en: `must have ${en}`, pl })
const expected = ({ en, pl }: Words): Words => ({ en: `must be ${en}`, pl: `oczekiwano: ${pl}` })

/** The rules of JSON Schema that our schemas have, as the ends of sentences about a member. */
export const RULES: Readonly<Record<string, (params: Params) => Words>> = {
  required: () => ({ en: 'is missing', pl: 'brak wartości' }),
  boolean: () => UNKNOWN,
  additionalProperties: () => UNKNOWN,
  type: ({ type }) => {
    const [first = ''] = [type].flat()
    return expected(TYPES[first] ?? { en: first, pl: first })
  },
  enum: ({ allowedValues }) => expected({ en: `one of ${allowedValues.join(', ')}`, pl: allowedValues.join(', ') }),
  pattern: ({ pattern }) =>
    expected(FORMATS[pattern] ?? { en: `of the form ${pattern}`, pl: `zapis zgodny z ${pattern}` }),
  minimum: ({ limit }) => expected({ en: `at least ${limit}`, pl: `co najmniej ${limit}` }),
  maximum: ({ limit }) => expected({ en: `at most ${limit}`, pl: `najwyżej ${limit}` }),
  minLength: ({ limit }) =>
    count(`at least ${limit} ${limit === 1 ? 'character' : 'characters'}`, `najmniejsza liczba znaków: ${limit}`),
  maxLength: ({ limit }) => count(`at most ${limit} characters`, `największa liczba znaków: ${limit}`),
  minItems: ({ limit }) =>
    count(`at least ${limit} ${limit === 1 ? 'item' : 'items'}`, `najmniejsza liczba pozycji: ${limit}`),
  maxItems: ({ limit }) =>
    count(`at most ${limit} ${limit === 1 ? 'item' : 'items'}`, `największa liczba pozycji: ${limit}`),
  uniqueItems: () => ({ en: 'has the same item twice', pl: 'pozycja się powtarza' }),
}

/** Each pattern of the schemas, as people say it. */
export const FORMATS: Readonly<Record<string, Words>> = {
  ['\\S']: { en: 'text, not only spaces', pl: 'tekst, nie same spacje' },
  ['^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$']: { en: 'a day, YYYY-MM-DD', pl: 'dzień, RRRR-MM-DD' },
  ['^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$']: {
    en: 'a time in UTC, YYYY-MM-DDThh:mm:ss.sssZ',
    pl: 'czas UTC, RRRR-MM-DDTgg:mm:ss.sssZ',
  },
  ['^\\d{4}-\\d\\d$']: { en: 'a month, YYYY-MM', pl: 'miesiąc, RRRR-MM' },
  ['^\\d\\d:\\d\\d$']: { en: 'a time of day, hh:mm', pl: 'godzina, gg:mm' },
  ['^[0-9]{6}$']: { en: 'six digits', pl: 'sześć cyfr' },
  ['^[0-9]{4}$']: { en: 'four digits', pl: 'cztery cyfry' },
  ['^(?:[0-9]{1,15}|[0-8][0-9]{15})$']: { en: 'the number of a record, digits only', pl: 'numer rekordu, same cyfry' },
  ['^[a-zA-Z]{1,20}-(?:[0-9]{1,15}|[0-8][0-9]{15})$']: {
    en: 'the number of a proposal, such as adjustment-1000123',
    pl: 'numer wniosku, np. adjustment-1000123',
  },
  ['^[\\x21-\\x7e]{1,40}$']: {
    en: 'a code of 1 to 40 letters, digits or signs, without spaces',
    pl: 'kod: od 1 do 40 liter, cyfr lub znaków, bez spacji i polskich liter',
  },
  ['^[A-Z0-9]{1,15}$']: {
    en: 'a code of 1 to 15 capital letters and digits',
    pl: 'kod: od 1 do 15 wielkich liter i cyfr',
  },
  ['^[A-Z]{3}$']: {
    en: 'a currency of three capital letters, such as PLN',
    pl: 'waluta: trzy wielkie litery, np. PLN',
  },
  ['^[A-Za-z][A-Za-z0-9-]{1,39}$']: {
    en: 'a code of 2 to 40 letters, digits or hyphens, beginning with a letter',
    pl: 'kod: od 2 do 40 liter, cyfr lub łączników, na początku litera',
  },
  ['^[a-z][a-z0-9._-]{1,39}$']: {
    en: 'a login of 2 to 40 small letters, digits, dots, hyphens or underscores, beginning with a letter',
    pl: 'login: od 2 do 40 małych liter, cyfr, kropek, łączników lub podkreśleń, na początku litera',
  },
  ['^[A-Za-z0-9]{1,12}$']: {
    en: 'a reference of 1 to 12 letters and digits',
    pl: 'referencja: od 1 do 12 liter i cyfr',
  },
  ['^[A-Za-z0-9]{6}$']: { en: 'an approval code of six letters and digits', pl: 'kod autoryzacji: sześć liter i cyfr' },
  ['^[^\\s@]+@[^\\s@]+$']: { en: 'an e-mail address', pl: 'adres e-mail' },
  ["^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*$"]: {
    en: 'an e-mail address',
    pl: 'adres e-mail',
  },
  ['^h_[A-Za-z0-9_-]{22}$']: {
    en: 'a handle of this session, which stands for a number',
    pl: 'uchwyt z tej sesji, który zastępuje numer',
  },
  ['^[a-z]{3}_[0-9A-Za-z_-]{1,40}$']: { en: 'the id of an event', pl: 'identyfikator zdarzenia' },
  ['^[0-9A-Fa-f]{32,64}$']: { en: '32 to 64 hexadecimal digits', pl: 'od 32 do 64 cyfr szesnastkowych' },
  ['^[0-9A-Fa-f]{6,10}$']: { en: '6 to 10 hexadecimal digits', pl: 'od 6 do 10 cyfr szesnastkowych' },
  ['^[\\x0a\\x0d\\x20-\\x7e]+$']: { en: 'a PGP public key as text', pl: 'klucz publiczny PGP jako tekst' },
  ['^[\\x20-\\x7e]+$']: {
    en: 'the name of a certificate, without accented letters',
    pl: 'nazwa z certyfikatu, bez polskich liter',
  },
}

/** Polish texts for English ones that the server has stored, in histories and findings. */

const WORDS: Readonly<Record<string, string>> = {
  dispatch: 'wysyłka',
  receive: 'przyjęcie',
  activate: 'aktywacja',
  inactive: 'nieaktywna',
  sellable: 'do sprzedaży',
  sold: 'sprzedana',
  expired: 'wygasła',
  closed: 'zamknięta',
  replaced: 'zastąpiona',
  lost: 'zgubiona',
  stolen: 'skradziona',
  customer: 'na życzenie klienta',
  suspicion: 'podejrzenie',
}
const FIELDS: Readonly<Record<string, string>> = {
  store: 'sklep',
  name: 'nazwa',
  currency: 'waluta',
  'time zone': 'strefa czasowa',
  language: 'język',
  state: 'stan',
  confirmation: 'potwierdzanie',
  'character set': 'zestaw znaków',
  authentication: 'uwierzytelnianie',
}
const VALUES: Readonly<Record<string, string>> = {
  open: 'otwarty',
  closed: 'zamknięty',
  active: 'aktywny',
  inactive: 'nieaktywny',
  'as its store': 'jak sklep',
  needed: 'wymagane',
  'not needed': 'niewymagane',
}

const in_ = (words: Readonly<Record<string, string>>, word = ''): string => words[word] ?? word

type Rule = readonly [pattern: RegExp, say: (...found: string[]) => string]

const RULES: readonly Rule[] = [
  [/(\d+) cards scanned, (\d+) missing and reported lost/, (_, n = '', lost = '') => `zeskanowane: ${n}, brakujące i zgłoszone jako utracone: ${lost}`],
  [/left out: ([a-z, ]+)$/, (_, steps = '') => `pominięto: ${steps.split(', ').map((step) => in_(WORDS, step)).join(', ')}`],
  [/(\d+) cards with (\d+) each, (\d+) in all \(minor units\)/, (_, n = '', each = '', all = '') => `karty: ${n}, na każdą ${each}, razem ${all} (najmniejsze jednostki waluty)`],
  [/(\d+) cards, those used since stay good/, (_, n = '') => `karty: ${n}; użyte od tego czasu pozostają ważne`],
  [/(\d+) cards, (\d+) sold before stay good/, (_, n = '', sold = '') => `karty: ${n}; sprzedane wcześniej (${sold}) pozostają ważne`],
  [/^(\d+) cards, serial /, (_, n = '') => `karty: ${n}, numery seryjne `],
  [/\.\.\. in (\d+) ranges/, (_, n = '') => `… w zakresach: ${n}`],
  [/: no card has the number at its (begin|end)/, (_, which) => `: nie ma karty z ${which === 'end' ? 'końca' : 'początku'} zakresu`],
  [/: no card has the number (\S+)/, (_, shown = '') => `: nie ma karty o numerze ${shown}`],
  [/: (.+) is not a card of issue (\S+)/, (_, shown = '', issue = '') => `: ${shown} nie jest kartą emisji ${issue}`],
  [/: its first card has serial (\d+), its last one (\d+)/, (_, first = '', last = '') => `: pierwsza karta ma numer seryjny ${first}, ostatnia ${last}`],
  [/^serial (\S+) more than once/, (_, serial = '') => `numer seryjny ${serial} więcej niż raz`],
  [/^serial (\S+) left out/, (_, serial = '') => `pominięto numer seryjny ${serial}`],
  [/^serial (\S+): the issue ends at (\d+)/, (_, serial = '', end = '') => `numer seryjny ${serial}: emisja kończy się na ${end}`],
  [/^serial (\S+) is in pack (\d+)/, (_, serial = '', pack = '') => `numer seryjny ${serial} jest w paczce ${pack}`],
  [/^serial (\S+) is blocked \((\w+)\)/, (_, serial = '', block = '') => `numer seryjny ${serial}: blokada (${in_(WORDS, block)})`],
  [/^serial (\S+) is (\w+)$/, (_, serial = '', state = '') => `numer seryjny ${serial}: ${in_(WORDS, state)}`],
  [/^and others$/, () => 'i inne'],
  [/^(\d+) cards$/, (_, n = '') => `karty: ${n}`],
  [/^the circuit is open$/, () => 'obwód jest otwarty'],
  [/^the line was lost: /, () => 'utracono połączenie: '],
  [/^no answer in time/, () => 'brak odpowiedzi w czasie'],
  [/^sign-on was not answered 00$/, () => 'logowanie bez odpowiedzi 00'],
  [/^(\S+) is not configured$/, (_, name = '') => `${name} nie ma w konfiguracji`],
  [/^certificate no longer bound: /, () => 'certyfikat odłączono: '],
  [/^certificate bound: /, () => 'certyfikat przypisano: '],
  [/^sign-on not required$/, () => 'logowanie niewymagane'],
  [/^sign-on required$/, () => 'logowanie wymagane'],
  [/(^|, )(store|name|currency|time zone|language|state|confirmation|character set|authentication) /g, (_, before = '', field = '') => `${before}${in_(FIELDS, field)} `],
  [/ (open|closed|active|inactive|as its store|needed|not needed)(?= →|,|$)/g, (_, value = '') => ` ${in_(VALUES, value)}`],
] // prettier-ignore

export const storedInPolish = (text: string): string =>
  RULES.reduce((translated, [pattern, say]) => translated.replace(pattern, say), text)

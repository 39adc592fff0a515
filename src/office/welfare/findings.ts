import type { Words } from '../refusal.ts'

/** `stop`: the batch cannot be proposed; `warning`: the proposer accepts it by name. */
type FindingRule = {
  readonly weight: 'stop' | 'warning'
  readonly en: string
  readonly pl: string
  /** The remedy. */
  readonly remedy: Words
}

const CORRECT: Words = { en: 'Correct the row and load it again.', pl: 'Popraw wiersz i wczytaj go ponownie.' }
const TAKE_OUT: Words = { en: 'Take it out: leave only the number of the row in the file of wrong rows.', pl: 'Usuń go: w pliku błędnych wierszy zostaw tylko numer wiersza.' } // prettier-ignore
const AMOUNT: Words = { en: 'Write an amount such as 250.00.', pl: 'Wpisz kwotę, na przykład 250,00.' }

/** All findings about a row or a whole list. `{…}` are details of the finding. */
export const FINDINGS = {
  employee_missing: {
    weight: 'stop',
    en: 'There is no employee number.',
    pl: 'Brak numeru pracownika.',
    remedy: { en: 'Write the number under which the employer keeps the person.', pl: 'Wpisz numer, pod którym pracodawca prowadzi tę osobę.' },
  },
  employee_unknown: {
    weight: 'stop',
    en: '{employer} has no employee {number}.',
    pl: 'Pracodawca {employer} nie ma pracownika {number}.',
    remedy: { en: 'Correct the number, or add the employee first.', pl: 'Popraw numer albo najpierw dodaj pracownika.' },
  },
  employee_left: {
    weight: 'stop',
    en: 'Employee {number} has left.',
    pl: 'Pracownik {number} już nie pracuje.',
    remedy: TAKE_OUT,
  },
  name_differs: {
    weight: 'warning',
    en: 'Employee {number} is kept as {name}.',
    pl: 'Pracownik {number} jest zapisany jako {name}.',
    remedy: { en: 'See whether the number is the right one.', pl: 'Sprawdź, czy numer jest właściwy.' },
  },
  amount_missing: { weight: 'stop', en: 'There is no amount.', pl: 'Brak kwoty.', remedy: AMOUNT },
  amount_not_a_number: { weight: 'stop', en: 'This is not an amount.', pl: 'To nie jest kwota.', remedy: AMOUNT },
  amount_ambiguous: {
    weight: 'stop',
    en: 'It could be thousands or three decimals.',
    pl: 'To mogą być tysiące albo trzy miejsca po przecinku.',
    remedy: { en: 'Write 1500.00 or 1.50.', pl: 'Wpisz 1500,00 albo 1,50.' },
  },
  amount_is_a_date: {
    weight: 'stop',
    en: 'The spreadsheet keeps a date here.',
    pl: 'W arkuszu jest tu data.',
    remedy: { en: 'Format the cell as a number and type the amount again.', pl: 'Sformatuj komórkę jako liczbę i wpisz kwotę ponownie.' },
  },
  amount_negative: { weight: 'stop', en: 'The amount is below zero.', pl: 'Kwota jest ujemna.', remedy: { en: 'Money is taken back by a recall, on the page of a booked batch.', pl: 'Pieniądze odbiera się na stronie zaksięgowanej partii, przyciskiem Odbierz.' } },
  amount_decimals: { weight: 'stop', en: 'The currency has fewer decimals.', pl: 'Waluta ma mniej miejsc po przecinku.', remedy: AMOUNT },
  amount_too_large: { weight: 'stop', en: 'The amount is too large.', pl: 'Kwota jest za duża.', remedy: AMOUNT },
  amount_of_another_currency: {
    weight: 'stop',
    en: 'The amount is in another currency.',
    pl: 'Kwota jest w innej walucie.',
    remedy: { en: 'Write the amount in the currency of the employer, without a sign.', pl: 'Wpisz kwotę w walucie pracodawcy, bez oznaczenia.' },
  },
  amount_zero: {
    weight: 'warning',
    en: 'The amount is zero: nothing is loaded.',
    pl: 'Kwota jest zerowa: nic nie zostanie zasilone.',
    remedy: { en: 'Accept it, or write an amount.', pl: 'Zaakceptuj albo wpisz kwotę.' },
  },
  already_used_wrong: { weight: 'stop', en: 'What was used already is not an amount.', pl: 'Wykorzystana już kwota nie jest liczbą.', remedy: AMOUNT },
  formula: {
    weight: 'stop',
    en: 'The cell holds a formula, which is not computed here.',
    pl: 'W komórce jest formuła, której tu nie obliczamy.',
    remedy: { en: 'Paste the value in place of the formula.', pl: 'Wklej wartość zamiast formuły.' },
  },
  cell_error: { weight: 'stop', en: 'The cell holds an error of the spreadsheet.', pl: 'W komórce jest błąd arkusza.', remedy: CORRECT },
  card_missing: {
    weight: 'stop',
    en: 'Employee {number} has no card.',
    pl: 'Pracownik {number} nie ma karty.',
    remedy: { en: 'Link a card to the employee first.', pl: 'Najpierw przypisz kartę pracownikowi.' },
  },
  card_wrong: {
    weight: 'stop',
    en: 'This is not a card number: 16 to 19 digits with a right check digit.',
    pl: 'To nie jest numer karty: od 16 do 19 cyfr z poprawną cyfrą kontrolną.',
    remedy: { en: 'Scan the card, or leave the cell empty: the linked card is taken.', pl: 'Zeskanuj kartę albo zostaw puste: zostanie użyta przypisana karta.' },
  },
  card_lost_digits: {
    weight: 'stop',
    en: 'The spreadsheet keeps the card as a number and has lost its last digits.',
    pl: 'Arkusz przechowuje kartę jako liczbę i zgubił ostatnie cyfry.',
    remedy: { en: 'Format the column as text, or leave the cell empty.', pl: 'Sformatuj kolumnę jako tekst albo zostaw puste.' },
  },
  card_unknown: { weight: 'stop', en: 'There is no such card.', pl: 'Nie ma takiej karty.', remedy: CORRECT },
  card_linked_to_nobody: {
    weight: 'stop',
    en: 'The card is linked to nobody.',
    pl: 'Karta nie jest przypisana do nikogo.',
    remedy: { en: 'Link it to the employee first.', pl: 'Najpierw przypisz ją pracownikowi.' },
  },
  card_of_another_employee: {
    weight: 'stop',
    en: 'The card is linked to another employee ({holder}).',
    pl: 'Karta jest przypisana innemu pracownikowi ({holder}).',
    remedy: { en: 'Correct the number of the card or of the employee.', pl: 'Popraw numer karty lub pracownika.' },
  },
  card_twice_in_list: {
    weight: 'stop',
    en: 'Row {row} sells the same card to another employee.',
    pl: 'Wiersz {row} sprzedaje tę samą kartę innemu pracownikowi.',
    remedy: { en: 'Correct the number of the card.', pl: 'Popraw numer karty.' },
  },
  card_of_another_counterparty: {
    weight: 'stop',
    en: 'The card belongs to another counterparty.',
    pl: 'Karta należy do innego kontrahenta.',
    remedy: { en: 'Take a card of this employer.', pl: 'Użyj karty tego pracodawcy.' },
  },
  card_of_another_currency: { weight: 'stop', en: 'The card is of another currency.', pl: 'Karta jest w innej walucie.', remedy: CORRECT },
  card_replaced: {
    weight: 'warning',
    en: 'The card was replaced by a duplicate, which is loaded.',
    pl: 'Kartę zastąpił duplikat, który zostanie zasilony.',
    remedy: { en: 'See that the duplicate was asked for.', pl: 'Sprawdź, czy duplikat był zamówiony.' },
  },
  card_replaced_since: {
    weight: 'stop',
    en: 'The card was replaced by a duplicate after the batch was proposed.',
    pl: 'Po złożeniu wniosku kartę zastąpił duplikat.',
    remedy: { en: 'See that the duplicate was asked for, and propose the batch again.', pl: 'Sprawdź, czy duplikat był zamówiony, i złóż wniosek ponownie.' },
  },
  card_not_sold: {
    weight: 'stop',
    en: 'The card is not sold.',
    pl: 'Karta nie jest sprzedana.',
    remedy: { en: 'Write yes under sell, if it lies in an active pack of this employer.', pl: 'Wpisz tak w kolumnie sprzedaj, jeśli leży w aktywnej paczce tego pracodawcy.' },
  },
  card_not_for_sale: {
    weight: 'stop',
    en: 'The card is not in an active pack of this employer.',
    pl: 'Karta nie leży w aktywnej paczce tego pracodawcy.',
    remedy: { en: 'Activate the pack first.', pl: 'Najpierw aktywuj paczkę.' },
  },
  card_sold: {
    weight: 'stop',
    en: 'The card is sold already.',
    pl: 'Karta jest już sprzedana.',
    remedy: { en: 'Take yes out of the column sell.', pl: 'Usuń tak z kolumny sprzedaj.' },
  },
  card_blocked: { weight: 'stop', en: 'The card is blocked.', pl: 'Karta jest zablokowana.', remedy: { en: 'Have it unblocked, or link another card.', pl: 'Odblokuj ją albo przypisz inną.' } },
  card_expired: { weight: 'stop', en: 'The card has expired.', pl: 'Karta straciła ważność.', remedy: { en: 'Have it extended, or link another card.', pl: 'Przedłuż ją albo przypisz inną.' } },
  card_over_maximum: {
    weight: 'stop',
    en: 'The card would hold more than {most}.',
    pl: 'Na karcie byłoby więcej niż {most}.',
    remedy: { en: 'Lower the amount.', pl: 'Zmniejsz kwotę.' },
  },
  card_declined: { weight: 'stop', en: 'The card takes no load: {why}.', pl: 'Karty nie można zasilić: {why}.', remedy: CORRECT },
  sell_wrong: { weight: 'stop', en: 'Neither yes nor no.', pl: 'Ani tak, ani nie.', remedy: { en: 'Write yes, or leave it empty.', pl: 'Wpisz tak albo zostaw puste.' } },
  surplus_cell: {
    weight: 'stop',
    en: 'The row has more cells than there are headings.',
    pl: 'Wiersz ma więcej komórek, niż jest nagłówków.',
    remedy: { en: 'Put an amount with a decimal comma in quotation marks, or separate cells by semicolons.', pl: 'Kwotę z przecinkiem ujmij w cudzysłów albo rozdzielaj komórki średnikami.' },
  },
  text_too_long: { weight: 'stop', en: 'The text is longer than {most} characters.', pl: 'Tekst jest dłuższy niż {most} znaków.', remedy: CORRECT },
  double_in_list: {
    weight: 'stop',
    en: 'Row {row} is of the same employee and fund.',
    pl: 'Wiersz {row} dotyczy tego samego pracownika i funduszu.',
    remedy: { en: 'Join the two rows in the other one, and leave only the number of this one in the file of wrong rows.', pl: 'Połącz wiersze w tym drugim, a w pliku błędnych wierszy zostaw tylko numer tego.' },
  },
  double_in_batch: {
    weight: 'warning',
    en: 'Batch {batch} of {day} has the same amount for the same employee and fund.',
    pl: 'Partia {batch} z {day} ma tę samą kwotę dla tego samego pracownika i funduszu.',
    remedy: { en: 'See that it is not loaded a second time.', pl: 'Sprawdź, czy to nie drugie zasilenie.' },
  },
  over_yearly_limit: {
    weight: 'stop',
    en: 'In this year it would be {sum} of {most} from this fund.',
    pl: 'W tym roku z tego funduszu byłoby {sum} z {most}.',
    remedy: { en: 'Lower the amount.', pl: 'Zmniejsz kwotę.' },
  },
  all_amounts_equal: {
    weight: 'warning',
    en: 'All amounts are equal; the fund act asks for social criteria.',
    pl: 'Wszystkie kwoty są równe; ustawa o ZFŚS wymaga kryteriów socjalnych.',
    remedy: { en: 'Accept it where the regulations of the fund allow it.', pl: 'Zaakceptuj, jeśli pozwala na to regulamin funduszu.' },
  },
} as const satisfies Record<string, FindingRule> // prettier-ignore

/** The texts of warnings that are listed without their rows. */
const WARNING_NAMES = {
  name_differs: { en: 'other names than those kept', pl: 'inne nazwiska niż zapisane' },
  amount_zero: { en: 'zero amounts', pl: 'kwoty zerowe' },
  card_replaced: { en: 'cards replaced by duplicates', pl: 'karty zastąpione duplikatami' },
  double_in_batch: { en: 'the same amounts as in an earlier batch', pl: 'te same kwoty co we wcześniejszej partii' },
  all_amounts_equal: { en: 'all amounts are equal', pl: 'wszystkie kwoty są równe' },
} as const satisfies Record<WarningCode, Words>

export type FindingCode = keyof typeof FINDINGS
type WarningCode = {
  [Code in FindingCode]: (typeof FINDINGS)[Code]['weight'] extends 'warning' ? Code : never
}[FindingCode]
export const FINDING_CODES = Object.keys(FINDINGS) as readonly FindingCode[]

export const warningName = (code: string): Words =>
  Object.entries<Words>(WARNING_NAMES).find(([one]) => one === code)?.[1] ?? { en: code, pl: code }

/** The English text also has the codes, because the command line takes them as options. */
export const warningNames = (codes: readonly string[]): Words => ({
  en: codes.map((code) => `${warningName(code).en} (${code})`).join(', '),
  pl: codes.map((code) => warningName(code).pl).join(', '),
})

export type FindingDetail = string | number | Words
export type Finding = {
  readonly line: number
  /** A column of the list; empty: the row or the list as a whole. */
  readonly field: string
  readonly code: FindingCode
  /** The cell's content, with masked numbers. */
  readonly value: string
  readonly details: Readonly<Record<string, FindingDetail>>
}

export const isStop = ({ code }: Pick<Finding, 'code'>): boolean => FINDINGS[code].weight === 'stop'

export const findingText = ({ code, details }: Pick<Finding, 'code' | 'details'>, language: keyof Words): string =>
  FINDINGS[code][language].replace(/\{(\w+)\}/gu, (whole, name: string) => {
    const detail = details[name] ?? whole
    return typeof detail === 'object' ? detail[language] : String(detail)
  })

export const remedyText = ({ code }: Pick<Finding, 'code'>, language: keyof Words): string =>
  FINDINGS[code].remedy[language]

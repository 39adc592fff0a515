import type { Words } from '../refusal.ts'

/** The columns of a list. */
export const LIST_COLUMNS = ['employee', 'name', 'card', 'amount', 'fund', 'already_used', 'note', 'sell'] as const
/** `row`: which row of a batch a corrected one stands for; `email`: of a list of employees. */
const OTHER_COLUMNS = ['row', 'email'] as const
export type ListColumn = (typeof LIST_COLUMNS)[number] | (typeof OTHER_COLUMNS)[number]

/** As headings are written, English and Polish; case, accents and punctuation do not count. */
const HEADINGS = {
  employee: ['employee', 'employee number', 'employee no', 'number', 'pracownik', 'numer', 'nr', 'numer pracownika', 'nr pracownika', 'nr ewidencyjny', 'numer ewidencyjny'],
  name: ['name', 'full name', 'imie i nazwisko', 'nazwisko i imie', 'nazwisko', 'nazwa'],
  card: ['card', 'card number', 'karta', 'numer karty', 'nr karty'],
  amount: ['amount', 'kwota', 'swiadczenie', 'kwota swiadczenia'],
  fund: ['fund', 'fundusz'],
  already_used: ['already used', 'used', 'juz wykorzystano', 'wykorzystano', 'wykorzystane'],
  note: ['note', 'notes', 'uwagi', 'uwaga', 'notatka', 'opis'],
  sell: ['sell', 'sprzedaj', 'nowa karta', 'sprzedaz'],
  row: ['row', 'wiersz'],
  email: ['email', 'e mail', 'mail', 'adres e mail'],
} as const satisfies Record<ListColumn, readonly string[]> // prettier-ignore

/** The headings that the template has, by language. */
export const TEMPLATE_HEADINGS = {
  en: { employee: 'employee', name: 'name', card: 'card', amount: 'amount', fund: 'fund', already_used: 'already_used', note: 'note', sell: 'sell' },
  pl: { employee: 'nr pracownika', name: 'imię i nazwisko', card: 'karta', amount: 'kwota', fund: 'fundusz', already_used: 'już wykorzystano', note: 'uwagi', sell: 'sprzedaj' },
} as const satisfies Record<'en' | 'pl', Record<(typeof LIST_COLUMNS)[number], string>> // prettier-ignore

const BY_HEADING = new Map<string, ListColumn>(
  [...LIST_COLUMNS, ...OTHER_COLUMNS].flatMap((column) =>
    HEADINGS[column].map((heading) => [heading, column] as const),
  ),
)

const plain = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll(/[łŁ]/gu, 'l')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, ' ')
    .trim()

/** Null: an unknown heading. */
export const columnOf = (heading: string): ListColumn | null => BY_HEADING.get(plain(heading)) ?? null

/** The position of each column; `missing` and `twice`: the columns because of which the list cannot be read. */
export function placesOf(
  headings: readonly string[],
  required: readonly ListColumn[],
): {
  readonly places: ReadonlyMap<ListColumn, number>
  readonly missing: readonly ListColumn[]
  readonly twice: readonly ListColumn[]
} {
  const places = new Map<ListColumn, number>()
  const twice: ListColumn[] = []
  for (const [place, heading] of headings.entries()) {
    const column = columnOf(heading)
    if (column === null) continue
    if (places.has(column)) twice.push(column)
    else places.set(column, place)
  }
  const missing = required.filter((column) => !places.has(column))
  return { places, missing, twice }
}

/** The heading of a column, as the template of each language has it. */
export function headingOf(column: ListColumn): Words {
  const known = LIST_COLUMNS.find((one) => one === column)
  return known === undefined
    ? { en: column, pl: column }
    : { en: TEMPLATE_HEADINGS.en[known], pl: TEMPLATE_HEADINGS.pl[known] }
}

import type { Operation } from '../../core/operations.ts'
import type { PackState } from '../../core/pack.ts'
import type { Words } from '../refusal.ts'
import { textsOf } from '../result-codes.ts'

/** Of packs; `sold` has the word of cards. */
const PACK_STATE = {
  made: { en: 'made', pl: 'utworzone' },
  dispatched: { en: 'dispatched', pl: 'wysłane' },
  received: { en: 'received', pl: 'przyjęte' },
  active: { en: 'active', pl: 'aktywne' },
  selling: { en: 'being sold', pl: 'w sprzedaży hurtowej' },
  returned: { en: 'returned', pl: 'zwrócone' },
  killed: { en: 'killed', pl: 'unieważnione' },
} as const satisfies Record<Exclude<PackState, 'sold'>, Words>

/** What stores do with cards. */
const STORE_OPERATION = {
  sale: { en: 'Sale', pl: 'Sprzedaż' },
  payment: { en: 'Payment', pl: 'Płatność' },
  top_up: { en: 'Top-up', pl: 'Doładowanie' },
  refund: { en: 'Refund', pl: 'Zwrot' },
  cash_out: { en: 'Cash-out', pl: 'Wypłata' },
} as const satisfies Readonly<Partial<Record<Operation, Words>>>

/** Codes in the cells of reports as people read them, for paper. CSV, XLSX and JSON keep the codes, which programs go by. */
const WORDS: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  operation: STORE_OPERATION,
  // Of bookings for the general ledger.
  text: {
    ...STORE_OPERATION,
    payment: { en: 'Payment with a card', pl: 'Płatność kartą' },
    expiry: { en: 'Expiry', pl: 'Wygaśnięcie' },
    extension: { en: 'Extension', pl: 'Przedłużenie' },
    adjustment_credit: { en: 'Adjustment upwards', pl: 'Korekta na plus' },
    adjustment_debit: { en: 'Adjustment downwards', pl: 'Korekta na minus' },
    ecard_sale: { en: 'Sale of an e-card', pl: 'Sprzedaż e-karty' },
    pack_sale: { en: 'Sale of a pack', pl: 'Sprzedaż paczki' },
    welfare_load: { en: 'Welfare load', pl: 'Zasilenie świadczeniem' },
    welfare_recall: { en: 'Welfare recall', pl: 'Odebranie świadczenia' },
    payment_received: { en: 'Payment received', pl: 'Wpłata' },
  },
  channel: {
    terminal: { en: 'Till', pl: 'Kasa' },
    kiosk: { en: 'Price checker', pl: 'Sprawdzarka' },
    web: { en: 'Web', pl: 'Internet' },
    menu: { en: 'AkartMenu', pl: 'AkartMenu' },
    cli: { en: 'Command line', pl: 'Wiersz poleceń' },
    job: { en: 'Job', pl: 'Zadanie' },
  },
  voucher: {
    unset: { en: 'not set', pl: 'nie podano' },
    single: { en: 'single-purpose', pl: 'jednego przeznaczenia' },
    multi: { en: 'multi-purpose', pl: 'różnego przeznaczenia' },
  },
  total: {
    credits: { en: 'Onto cards', pl: 'Na karty' },
    reversedCredits: { en: 'Onto cards, undone', pl: 'Na karty, cofnięte' },
    debits: { en: 'Off cards', pl: 'Z kart' },
    reversedDebits: { en: 'Off cards, undone', pl: 'Z kart, cofnięte' },
    net: { en: 'Net', pl: 'Saldo' },
  },
  agreed: { yes: { en: 'yes', pl: 'tak' }, no: { en: 'no', pl: 'nie' } },
  outlier: { yes: { en: 'yes', pl: 'tak' } },
  comparison: {
    'no rate': { en: 'no rate', pl: 'brak kursu' },
    above: { en: 'above', pl: 'powyżej' },
    below: { en: 'below', pl: 'poniżej' },
  },
  state: {
    ...PACK_STATE,
    inactive: { en: 'inactive', pl: 'nieaktywne' },
    sellable: { en: 'for sale', pl: 'na sprzedaż' },
    sold: { en: 'sold', pl: 'sprzedane' },
    expired: { en: 'expired', pl: 'nieważne' },
    closed: { en: 'closed', pl: 'zamknięte' },
    replaced: { en: 'replaced', pl: 'zastąpione' },
  },
  block: {
    lost: { en: 'lost', pl: 'zgubiona' },
    stolen: { en: 'stolen', pl: 'skradziona' },
    customer: { en: 'customer', pl: 'klient' },
    suspicion: { en: 'suspicion', pl: 'podejrzenie' },
  },
}

/** Why transactions of a till may differ (`core/reports/till-differences.ts`), in Polish; in English they stand as they are. */
const WHY_POLISH: readonly (readonly [RegExp, string])[] = [
  [/only here/gu, 'tylko tutaj'],
  [/only in the till/gu, 'tylko w kasie'],
  [/of the differing amount/gu, 'na kwotę różnicy'],
  [/has a case/gu, 'z wyjaśnieniem'],
  [/\breversed\b/gu, 'cofnięta'],
  [/\blate\b/gu, 'spóźniona'],
  [/\band (\d+) more$/u, 'i jeszcze $1'],
]
const whyIn = (text: string, language: keyof Words): string =>
  language === 'en' ? text : WHY_POLISH.reduce((told, [phrase, polish]) => told.replace(phrase, polish), text)

/** `settlement 3: late of 2` of bookings (`settlement/general-ledger.ts`), in Polish. */
const BOOKED_POLISH: readonly (readonly [RegExp, string])[] = [
  [/^settlement (\d+)/u, 'rozliczenie $1'],
  [/: late of (\d+)$/u, ': spóźnione, z rozliczenia $1'],
  [/: undone of (\d+)$/u, ': cofnięte, z rozliczenia $1'],
]
const bookedIn = (text: string, language: keyof Words): string =>
  language === 'en' ? text : BOOKED_POLISH.reduce((told, [phrase, polish]) => told.replace(phrase, polish), text)

export const wordOf = (column: string, code: string, language: keyof Words): string =>
  column === 'reason'
    ? textsOf(code)[language]
    : column === 'transactions'
      ? whyIn(code, language)
      : (WORDS[column]?.[code]?.[language] ?? (column === 'text' ? bookedIn(code, language) : code))

import type { Result } from '../core/result.ts'

export type Language = 'pl' | 'en'
type Texts = { readonly [language in Language]: string }

/**
 * DE 63: what cashier and receipt show. ASCII, Polish without diacritics, at most 40 characters (one line of a receipt).
 * A repeat gets the identical answer for 13 months and more, so a text that has landed is never changed: a new wording
 * is a new result. An approval says nothing.
 */
export const TEXTS = {
  approved: null,
  approved_partially: { pl: 'Zaplacono czesc kwoty', en: 'Part of the amount was paid' },
  approved_with_case: { pl: 'Przyjeto do wyjasnienia', en: 'Accepted for clarification' },
  approved_though_blocked: { pl: 'Karta zablokowana', en: 'Card is blocked' },
  approved_though_expired: { pl: 'Karta niewazna, uplynal termin', en: 'Card has expired' },
  format_error: { pl: 'Bledny komunikat', en: 'Message format error' },
  unknown_terminal: { pl: 'Nieznany terminal', en: 'Unknown terminal' },
  bad_mac: { pl: 'Bledny podpis komunikatu', en: 'Message authentication failed' },
  not_signed_on: { pl: 'Terminal niezalogowany', en: 'Terminal is not signed on' },
  wrong_store: { pl: 'Nieznany lub zamkniety sklep', en: 'Unknown or closed store' },
  unsupported: { pl: 'Operacja nieobslugiwana', en: 'Transaction not supported' },
  key_reused: { pl: 'Powtorzony numer transakcji', en: 'Transaction number used twice' },
  unknown_card: { pl: 'Nieznana karta', en: 'Unknown card' },
  wrong_ecode: { pl: 'Bledny numer karty lub eKod', en: 'Wrong card number or eCode' },
  too_many_tries: { pl: 'Zbyt wiele prob', en: 'Too many tries' },
  original_not_found: { pl: 'Brak transakcji pierwotnej', en: 'Original transaction not found' },
  original_reversed: { pl: 'Transakcja wycofana', en: 'Transaction was reversed' },
  original_done: { pl: 'Transakcja juz anulowana', en: 'Transaction already undone' },
  original_late: { pl: 'Za pozno na anulowanie', en: 'Too late to cancel' },
  original_spent: { pl: 'Srodki juz wykorzystane', en: 'Money already spent' },
  amount_differs: { pl: 'Kwota niezgodna z pierwotna', en: 'Amount differs from the original' },
  card_lost: { pl: 'Karta zgubiona', en: 'Card reported lost' },
  card_stolen: { pl: 'Karta skradziona', en: 'Card reported stolen' },
  card_blocked: { pl: 'Karta zablokowana', en: 'Card is blocked' },
  card_expired: { pl: 'Karta niewazna, uplynal termin', en: 'Card has expired' },
  card_unsold: { pl: 'Karta nie zostala sprzedana', en: 'Card has not been sold' },
  pack_inactive: { pl: 'Paczka kart nieaktywna', en: 'Pack of cards is not active' },
  card_sold: { pl: 'Karta juz sprzedana', en: 'Card is already sold' },
  card_to_be_checked: { pl: 'Karta do sprawdzenia', en: 'Card has to be checked' },
  entry_not_permitted: { pl: 'Prosze przeciagnac karte', en: 'Please swipe the card' },
  issue_not_permitted: { pl: 'Niedozwolone dla tej karty', en: 'Not permitted for this card' },
  store_not_permitted: { pl: 'Niedozwolone w tym sklepie', en: 'Not permitted in this store' },
  top_up_not_permitted: { pl: 'Karty nie mozna doladowac', en: 'Card cannot be topped up' },
  refund_not_permitted: { pl: 'Zwrot na karte niedozwolony', en: 'Refund is not permitted' },
  amount_invalid: { pl: 'Nieprawidlowa kwota', en: 'Invalid amount' },
  amount_not_nominal: { pl: 'Kwota inna niz nominal karty', en: 'Amount is not the nominal value' },
  amount_below_minimum: { pl: 'Kwota zbyt mala', en: 'Amount is too small' },
  amount_above_maximum: { pl: 'Kwota zbyt duza', en: 'Amount is too large' },
  amount_off_step: { pl: 'Kwota nie jest wielokrotnoscia', en: 'Amount is not a multiple' },
  exceeds_maximum_balance: { pl: 'Przekroczone maksymalne saldo', en: 'Maximum balance exceeded' },
  exceeds_amount_limit: { pl: 'Przekroczony limit kwoty', en: 'Limit of amount exceeded' },
  exceeds_count_limit: { pl: 'Przekroczony limit liczby', en: 'Limit of number exceeded' },
  exceeds_balance: { pl: 'Brak srodkow', en: 'Insufficient funds' },
  upstream_silent: { pl: 'Brak odpowiedzi wystawcy', en: 'Issuer does not answer' },
  totals_differ: { pl: 'Niezgodne sumy dnia', en: 'Totals do not agree' },
  overloaded: { pl: 'Chwilowe przeciazenie, powtorz', en: 'Busy, please try again' },
  malfunction: { pl: 'Blad systemu, powtorz', en: 'System error, please try again' },
} as const satisfies Record<Result, Texts | null>

export const textOf = (result: Result, language: Language): string | null => TEXTS[result]?.[language] ?? null

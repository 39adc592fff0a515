import type { Language, TextForm } from '../core/registry.ts'
import type { Result } from '../core/result.ts'

type Texts = { readonly [language in Language]: string }

/**
 * DE 63: text for cashier and receipt, at most 40 bytes (one line of a receipt). Texts have Polish letters; a terminal
 * without another character set gets the ASCII form that `plain` makes. A repeat gets the identical answer for 13
 * months and more, so a text that has landed never changes: a new wording needs a new result. An approval has no text.
 */
export const TEXTS = {
  approved: null,
  approved_partially: { pl: 'Zapłacono część kwoty', en: 'Part of the amount was paid' },
  approved_with_case: { pl: 'Przyjęto do wyjaśnienia', en: 'Accepted for clarification' },
  approved_though_blocked: { pl: 'Karta zablokowana', en: 'Card is blocked' },
  approved_though_expired: { pl: 'Karta nieważna, upłynął termin', en: 'Card has expired' },
  format_error: { pl: 'Błędny komunikat', en: 'Message format error' },
  unknown_terminal: { pl: 'Nieznany terminal', en: 'Unknown terminal' },
  bad_mac: { pl: 'Błędny podpis komunikatu', en: 'Message authentication failed' },
  not_signed_on: { pl: 'Terminal niezalogowany', en: 'Terminal is not signed on' },
  wrong_store: { pl: 'Nieznany lub zamknięty sklep', en: 'Unknown or closed store' },
  unsupported: { pl: 'Operacja nieobsługiwana', en: 'Transaction not supported' },
  key_reused: { pl: 'Powtórzony numer transakcji', en: 'Transaction number used twice' },
  unknown_card: { pl: 'Nieznana karta', en: 'Unknown card' },
  wrong_ecode: { pl: 'Błędny numer karty lub eKod', en: 'Wrong card number or eCode' },
  too_many_numbers: { pl: 'Zbyt wiele prób', en: 'Too many tries' },
  too_many_tries: { pl: 'Zbyt wiele prób', en: 'Too many tries' },
  original_not_found: { pl: 'Brak transakcji pierwotnej', en: 'Original transaction not found' },
  original_reversed: { pl: 'Transakcja wycofana', en: 'Transaction was reversed' },
  original_done: { pl: 'Transakcja już anulowana', en: 'Transaction already undone' },
  original_late: { pl: 'Za późno na anulowanie', en: 'Too late to cancel' },
  original_spent: { pl: 'Środki już wykorzystane', en: 'Money already spent' },
  amount_differs: { pl: 'Kwota niezgodna z pierwotną', en: 'Amount differs from the original' },
  card_lost: { pl: 'Karta zgubiona', en: 'Card reported lost' },
  card_stolen: { pl: 'Karta skradziona', en: 'Card reported stolen' },
  card_blocked: { pl: 'Karta zablokowana', en: 'Card is blocked' },
  card_expired: { pl: 'Karta nieważna, upłynął termin', en: 'Card has expired' },
  card_unsold: { pl: 'Karta nie została sprzedana', en: 'Card has not been sold' },
  pack_inactive: { pl: 'Paczka kart nieaktywna', en: 'Pack of cards is not active' },
  card_sold: { pl: 'Karta już sprzedana', en: 'Card is already sold' },
  card_to_be_checked: { pl: 'Karta do sprawdzenia', en: 'Card has to be checked' },
  entry_not_permitted: { pl: 'Proszę przeciągnąć kartę', en: 'Please swipe the card' },
  issue_not_permitted: { pl: 'Niedozwolone dla tej karty', en: 'Not permitted for this card' },
  store_not_permitted: { pl: 'Niedozwolone w tym sklepie', en: 'Not permitted in this store' },
  top_up_not_permitted: { pl: 'Karty nie można doładować', en: 'Card cannot be topped up' },
  refund_not_permitted: { pl: 'Zwrot na kartę niedozwolony', en: 'Refund is not permitted' },
  amount_invalid: { pl: 'Nieprawidłowa kwota', en: 'Invalid amount' },
  amount_not_nominal: { pl: 'Kwota inna niż nominał karty', en: 'Amount is not the nominal value' },
  amount_below_minimum: { pl: 'Kwota zbyt mała', en: 'Amount is too small' },
  amount_above_maximum: { pl: 'Kwota zbyt duża', en: 'Amount is too large' },
  amount_off_step: { pl: 'Kwota nie jest wielokrotnością', en: 'Amount is not a multiple' },
  exceeds_maximum_balance: { pl: 'Przekroczone maksymalne saldo', en: 'Maximum balance exceeded' },
  exceeds_amount_limit: { pl: 'Przekroczony limit kwoty', en: 'Limit of amount exceeded' },
  exceeds_count_limit: { pl: 'Przekroczony limit liczby', en: 'Limit of number exceeded' },
  exceeds_balance: { pl: 'Brak środków', en: 'Insufficient funds' },
  upstream_silent: { pl: 'Brak odpowiedzi wystawcy', en: 'Issuer does not answer' },
  totals_differ: { pl: 'Niezgodne sumy dnia', en: 'Totals do not agree' },
  overloaded: { pl: 'Chwilowe przeciążenie, powtórz', en: 'Busy, please try again' },
  malfunction: { pl: 'Błąd systemu, powtórz', en: 'System error, please try again' },
} as const satisfies Record<Result, Texts | null>

/** Polish letters outside ASCII and their replacements. */
const PLAIN_LETTERS: { readonly [letter: string]: string } = {
  ą: 'a', ć: 'c', ę: 'e', ł: 'l', ń: 'n', ó: 'o', ś: 's', ź: 'z', ż: 'z',
  Ą: 'A', Ć: 'C', Ę: 'E', Ł: 'L', Ń: 'N', Ó: 'O', Ś: 'S', Ź: 'Z', Ż: 'Z',
} // prettier-ignore

const plain = (text: string): string => text.replace(/[^ -~]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)

/** The ASCII forms, computed once, because an overloaded switch answers with nothing but texts. */
const PLAIN_TEXTS: ReadonlyMap<string, Texts> = new Map(
  Object.entries<Texts | null>(TEXTS).flatMap(([result, texts]) =>
    texts === null ? [] : [[result, { pl: plain(texts.pl), en: plain(texts.en) }]],
  ),
)

/** The text of a result in the terminal's language and character set; null: it has none. */
export const textOf = (result: Result, { language, characterSet }: TextForm): string | null =>
  (characterSet === 'ascii' ? PLAIN_TEXTS.get(result) : TEXTS[result])?.[language] ?? null

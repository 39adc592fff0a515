import type { RefusalRule } from './rule.ts'

export const CASE_REFUSALS = {
  no_such_journal: {
    status: 404,
    en: 'There is no journal {id}.',
    pl: 'Nie ma dziennika {id}.',
    hint: '',
  },
  journal_unmapped: {
    status: 422,
    en: 'Choose the column of the amount, and one of STAN, time and last digits of the card.',
    pl: 'Wskaż kolumnę kwoty oraz kolumnę STAN, czasu lub końcówki karty.',
    hint: '',
  },
  journal_nothing_to_decide: {
    status: 409,
    en: 'None of these rows can be decided any more.',
    pl: 'Żadnego z tych wierszy nie można już rozstrzygnąć.',
    hint: '',
  },
  no_such_case: {
    status: 404,
    en: 'There is no case {case}.',
    pl: 'Nie ma wyjaśnienia {case}.',
    hint: '',
  },
  case_closed: {
    status: 409,
    en: 'Case {case} was closed at {at}: {resolution}.',
    pl: 'Wyjaśnienie {case} zamknięto {at}: {resolution}.',
    hint: '',
  },
  case_money_gone: {
    status: 409,
    en: 'Case {case} stays open: the card can no longer pay it (spent, sold again, or over its maximum).',
    pl: 'Wyjaśnienie {case} pozostaje otwarte: karta już tego nie udźwignie (wydana, sprzedana ponownie albo ponad maksimum).',
    hint: '',
  },
  case_rest_differs: {
    status: 409,
    en: 'Case {case} stays open: the card’s balance has changed, so another amount is missing. Load the case again.',
    pl: 'Wyjaśnienie {case} pozostaje otwarte: saldo karty się zmieniło i brakuje innej kwoty. Sprawdź ponownie.',
    hint: '',
  },
  case_bearer_needed: {
    status: 409,
    en: 'The card lacks {missing}: choose who pays it, the store or the issuer.',
    pl: 'Na karcie brakuje {missing}: wskaż, kto to pokrywa, sklep czy emitent.',
    hint: '--bearer store or --bearer issuer',
  },
  case_nothing_to_bear: {
    status: 422,
    en: 'The card of case {case} has enough money: nobody else has to pay.',
    pl: 'Na karcie wyjaśnienia {case} nie brakuje niczego, co ktoś inny mógłby pokryć.',
    hint: '',
  },
  case_never_booked: {
    status: 409,
    en: 'Case {case} stays open: its transaction was never booked, so there is nothing to confirm.',
    pl: 'Wyjaśnienie {case} pozostaje otwarte: nic nie zostało zaksięgowane, więc nie ma czego potwierdzić.',
    hint: '--reverse closes it',
  },
  case_not_decided: {
    status: 409,
    en: 'Case {case} stays open: {reason}.',
    pl: 'Wyjaśnienie {case} pozostaje otwarte: {reason}.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>

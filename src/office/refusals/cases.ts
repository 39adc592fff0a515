import type { RefusalRule } from './rule.ts'

export const CASE_REFUSALS = {
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
    en: 'Case {case} stays open: the card cannot bear it any more (spent, sold again, or over its maximum).',
    pl: 'Wyjaśnienie {case} pozostaje otwarte: karta już tego nie udźwignie (wydana, sprzedana ponownie albo ponad maksimum).',
    hint: '',
  },
  case_never_booked: {
    status: 409,
    en: 'Case {case} stays open: nothing was ever booked of it, so there is nothing to confirm.',
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

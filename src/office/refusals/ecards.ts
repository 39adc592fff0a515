import type { RefusalRule } from './rule.ts'

export const ECARD_REFUSALS = {
  no_such_ecard: { status: 404, en: 'There is no e-card {id}.', pl: 'Nie ma e-karty {id}.', hint: '' },
  mail_not_set_up: {
    status: 409,
    en: 'No mail server is configured, so no e-card can be sent.',
    pl: 'Nie skonfigurowano serwera poczty, więc nie można wysłać e-karty.',
    hint: 'mail in the configuration',
  },
  issue_not_for_ecards: {
    status: 409,
    en: 'E-cards need an active virtual issue; {issue} is not one.',
    pl: 'E-karty pochodzą z aktywnej emisji wirtualnej; {issue} nią nie jest.',
    hint: '',
  },
  ecard_buyer_closed: {
    status: 409,
    en: 'There is no open store or counterparty {code}.',
    pl: 'Nie ma otwartego sklepu ani kontrahenta {code}.',
    hint: '',
  },
  ecard_currency: {
    status: 409,
    en: 'Store {code} has another currency than issue {issue}.',
    pl: 'Sklep {code} ma inną walutę niż emisja {issue}.',
    hint: '',
  },
  ecard_not_sent: {
    status: 409,
    en: 'E-card {id} has not been sent yet, so it cannot be sent again.',
    pl: 'E-karta {id} nie została jeszcze wysłana, więc nie można wysłać jej ponownie.',
    hint: '',
  },
  ecard_card_gone: {
    status: 409,
    en: 'The card of e-card {id} is not in use any more: a duplicate has replaced it, it has expired, or it was closed.',
    pl: 'Karta e-karty {id} nie jest już w użyciu: zastąpił ją duplikat, wygasła albo została zamknięta.',
    hint: '',
  },
  ecard_sent_too_often: {
    status: 409,
    en: 'E-card {id} was sent {most} times; that is the most.',
    pl: 'E-kartę {id} wysłano już {most} razy; więcej nie można.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>

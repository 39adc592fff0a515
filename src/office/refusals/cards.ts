import type { RefusalRule } from './rule.ts'

export const CARD_REFUSALS = {
  not_a_card_number: {
    status: 400,
    en: '{where}: a card number has 16 to 19 digits, a barcode 13.',
    pl: '{where}: numer karty ma od 16 do 19 cyfr, kod kreskowy 13.',
    hint: '',
  },
  wrong_check_digit: {
    status: 400,
    en: '{where}: the check digit of {card} is wrong.',
    pl: '{where}: błędna cyfra kontrolna numeru {card}.',
    hint: '',
  },
  not_a_serial: {
    status: 400,
    en: '{where}: a serial is a whole number from 1.',
    pl: '{where}: numer seryjny jest liczbą całkowitą od 1.',
    hint: '',
  },
  no_such_card: {
    status: 404,
    en: 'There is no card {card}.',
    pl: 'Nie ma karty {card}.',
    hint: '',
  },
  no_such_number: {
    status: 404,
    en: 'No card has the number {card}.',
    pl: 'Żadna karta nie ma numeru {card}.',
    hint: '',
  },
  card_not_presented: {
    status: 403,
    en: 'Only a card that lies before you can be looked up: scan it or type its whole number.',
    pl: 'Możesz wyszukać tylko kartę, którą masz przed sobą: zeskanuj ją lub wpisz cały numer.',
    hint: '',
  },
  date_past: {
    status: 422,
    en: '{date} is past.',
    pl: 'Data {date} już minęła.',
    hint: '',
  },
  no_more_versions: {
    status: 422,
    en: 'The card has had {most} plastics: give it another number.',
    pl: 'Karta miała już {most} plastików: nadaj jej inny numer.',
    hint: 'akart card duplicate',
  },
  expiry_at_work: {
    status: 409,
    en: 'Another process is at it.',
    pl: 'Robi to już inny proces.',
    hint: '',
  },
  no_such_adjustment: {
    status: 404,
    en: 'There is no adjustment {id}.',
    pl: 'Nie ma korekty {id}.',
    hint: '',
  },
  adjustment_decided: {
    status: 409,
    en: 'Adjustment {id} was {decision} by {who}.',
    pl: 'O korekcie {id} zdecydował(a) już {who} ({decision}).',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>

import type { RefusalRule } from './rule.ts'

export const CARD_REFUSALS = {
  no_such_bulk: {
    status: 404,
    en: 'There is no bulk action {id}.',
    pl: 'Nie ma zmiany wielu kart o numerze {id}.',
    hint: '',
  },
  bulk_not_now: {
    status: 409,
    en: 'Bulk action {id} is no longer in a state that allows this. Load the page again.',
    pl: 'Stan zmiany {id} już na to nie pozwala. Wczytaj stronę ponownie.',
    hint: '',
  },
  bulk_incomplete: {
    status: 422,
    en: 'A block needs its kind, an extension its new last day.',
    pl: 'Blokada wymaga rodzaju, przedłużenie nowego ostatniego dnia.',
    hint: '',
  },
  bulk_empty: {
    status: 422,
    en: 'There is no card to change.',
    pl: 'Nie ma karty do zmiany.',
    hint: '',
  },
  bulk_too_long: {
    status: 422,
    en: 'More than {most} cards match: narrow the search.',
    pl: 'Pasuje więcej niż {most} kart: zawęź wyszukiwanie.',
    hint: '',
  },
  card_handled_by_you: {
    status: 403,
    en: 'You revealed or cleared this card within the last 30 days: somebody else has to do it.',
    pl: 'W ciągu ostatnich 30 dni odsłonięto lub wyczyszczono tę kartę z Twojego konta: musi to zrobić ktoś inny.',
    hint: '',
  },
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
    en: 'Only a card in your hand can be looked up: scan it or type its whole number.',
    pl: 'Możesz wyszukać tylko kartę, którą masz przed sobą: zeskanuj ją lub wpisz cały numer.',
    hint: '',
  },
  card_is_not_blocked: {
    status: 409,
    en: 'Card {card} is not blocked.',
    pl: 'Karta {card} nie jest zablokowana.',
    hint: '',
  },
  card_is_not_suspected: {
    status: 409,
    en: 'Card {card} is not under suspicion: it may be sold.',
    pl: 'Karta {card} nie czeka na sprawdzenie: można ją sprzedać.',
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
    en: 'The card has had {most} plastics, the maximum: give it another number.',
    pl: 'Karta miała już {most} plastików: nadaj jej inny numer.',
    hint: 'akart card duplicate',
  },
  expiry_at_work: {
    status: 409,
    en: 'Another process is already doing this.',
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

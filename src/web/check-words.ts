/** The texts of the price checker in both languages. */

import type { Language } from './problem.ts'

export const CHECK_WORDS = {
  en: {
    title: 'Gift card price checker',
    lead: 'Hold the barcode of your gift card to the scanner, or type its number.',
    number: 'Card number',
    show: 'Show balance',
    available: 'You can spend',
    validUntil: 'Valid until',
    noEnd: 'no end date',
    card: 'Card ending in',
    active: 'The card can be used.',
    blocked: 'The card is blocked: please ask at the till.',
    expired: 'The card has expired.',
    unknown: 'This card is not recognised. Please ask at the till.',
    limited: 'Too many questions. Please wait a minute.',
    limitedCard: 'This card was asked for three times within the hour. Please ask at the till.',
    busy: 'The balance cannot be shown right now. Please try again.',
    offline: 'There is no connection. Please ask at the till.',
    notEnrolled: 'This browser is not a price checker yet',
    notEnrolledLead:
      'Make a code in AkartMenu under Shops, or with akart kiosk add, and type it here within ten minutes. The code works once, in the networks of the store.',
    code: 'Enrolment code',
    enrol: 'Enrol this browser',
    wrongCode: 'The code is wrong, was used before, or is older than ten minutes.',
  },
  pl: {
    title: 'Czytnik salda kart podarunkowych',
    lead: 'Przyłóż kod kreskowy karty do skanera albo wpisz jej numer.',
    number: 'Numer karty',
    show: 'Pokaż saldo',
    available: 'Do wydania',
    validUntil: 'Ważna do',
    noEnd: 'bezterminowo',
    card: 'Karta kończąca się na',
    active: 'Karty można używać.',
    blocked: 'Karta jest zablokowana: zapytaj w kasie.',
    expired: 'Karta straciła ważność.',
    unknown: 'Nie rozpoznano karty. Zapytaj w kasie.',
    limited: 'Zbyt wiele pytań. Odczekaj minutę.',
    limitedCard: 'Tę kartę sprawdzono już trzy razy w ciągu godziny. Zapytaj w kasie.',
    busy: 'Nie można teraz pokazać salda. Spróbuj ponownie.',
    offline: 'Brak połączenia. Zapytaj w kasie.',
    notEnrolled: 'Ta przeglądarka nie jest jeszcze czytnikiem',
    notEnrolledLead:
      'Utwórz kod w AkartMenu w części Sklepy internetowe albo poleceniem akart kiosk add i wpisz go tutaj w ciągu dziesięciu minut. Kod działa raz, w sieciach sklepu.',
    code: 'Kod rejestracji',
    enrol: 'Zarejestruj przeglądarkę',
    wrongCode: 'Kod jest błędny, był już użyty albo minęło dziesięć minut.',
  },
} as const satisfies Record<Language, Readonly<Record<string, string>>>

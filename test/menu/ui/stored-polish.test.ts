import t from 'tap'
import { storedInPolish } from '../../../src/menu/ui/src/i18n/stored-polish.ts'

/**
 * Texts that the server has stored in English appear in Polish on a Polish screen; texts written by people stay
 * unchanged.
 */

const SAID = [
  ['9 cards scanned, 1 missing and reported lost', 'zeskanowane: 9, brakujące i zgłoszone jako utracone: 1'],
  [
    '10 cards, serial 1-10; left out: dispatch, receive',
    'karty: 10, numery seryjne 1-10; pominięto: wysyłka, przyjęcie',
  ],
  ['40 cards, 3 sold before stay good', 'karty: 40; sprzedane wcześniej (3) pozostają ważne'],
  ['cards.csv:7: no card has the number 629910******0014', 'cards.csv:7: nie ma karty o numerze 629910******0014'],
  ['the circuit is open', 'obwód jest otwarty'],
  ['400 cards', 'karty: 400'],
  ['serial 5 is in pack 12', 'numer seryjny 5 jest w paczce 12'],
  ['serial 5 is blocked (lost)', 'numer seryjny 5: blokada (zgubiona)'],
  ['serial 5 is sold', 'numer seryjny 5: sprzedana'],
  ['state active → inactive, language as its store → pl', 'stan aktywny → nieaktywny, język jak sklep → pl'],
  ['name Sklep → Open, time zone Europe/Warsaw', 'nazwa Sklep → Open, strefa czasowa Europe/Warsaw'],
  ['sign-on not required', 'logowanie niewymagane'],
] as const

t.test('histories and findings', async (t) => {
  for (const [english, polish] of SAID) t.equal(storedInPolish(english), polish)
})

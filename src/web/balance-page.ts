/** The page on which a holder looks up a card's balance. */

import type { CardUses, HolderBalance } from '../office/holder-balance.ts'
import type { CardView, HistoryEntry } from '../office/shop-cards.ts'
import { brand, html, type Html, page } from './page.ts'
import type { Language } from './problem.ts'
import type { Theme } from './theme.ts'

const WORDS = {
  en: {
    title: 'Gift card balance',
    lead: 'Type what is printed on your card.',
    number: 'Card number',
    numberHint: '16 to 19 digits',
    ecode: 'eCode',
    ecodeHint: '16 characters under the scratch-off area',
    show: 'Show balance',
    wrong: 'Number and eCode do not belong together, or the card has not been sold. Please check both.',
    throttled: 'Too many tries from your connection. Come again in {minutes} min.',
    busy: 'The balance cannot be shown right now. Please try again in a minute.',
    card: 'Card ending in',
    available: 'You can spend',
    waiting: 'Waiting for confirmation',
    validUntil: 'Valid until',
    noEnd: 'no end date',
    state: 'State',
    active: 'can be used',
    blocked: 'blocked: please ask our help desk',
    expired: 'expired',
    use: 'What it is for',
    everywhere: 'paying in all our stores',
    inStores: 'paying in {stores}',
    inSome: 'paying in {count} of our stores',
    online: 'paying in our web shop, by number and eCode',
    onlineFrom: 'paying in our web shop, by number and eCode, from {time}',
    topUp: 'topping it up by {minimum} to {maximum}',
    noTopUp: 'It cannot be topped up.',
    cashOut: 'a rest of up to {maximum} is paid out in cash',
    over: 'It can no longer be used.',
    stopped: 'It cannot be used while it is blocked.',
    latest: 'Latest transactions',
    none: 'none yet',
    again: 'Check another card',
    other: 'Po polsku',
    undo: 'Undone',
  },
  pl: {
    title: 'Saldo karty podarunkowej',
    lead: 'Wpisz to, co jest na Twojej karcie.',
    number: 'Numer karty',
    numberHint: '16–19 cyfr',
    ecode: 'eKod',
    ecodeHint: '16 znaków pod zdrapką',
    show: 'Pokaż saldo',
    wrong: 'Numer i eKod nie pasują do siebie albo karty jeszcze nie sprzedano. Sprawdź oba.',
    throttled: 'Zbyt wiele prób z Twojego łącza. Spróbuj za {minutes} min.',
    busy: 'Nie można teraz pokazać salda. Spróbuj za minutę.',
    card: 'Karta kończąca się na',
    available: 'Do wydania',
    waiting: 'Czeka na potwierdzenie',
    validUntil: 'Ważna do',
    noEnd: 'bezterminowo',
    state: 'Stan',
    active: 'można używać',
    blocked: 'zablokowana: zgłoś się do pomocy technicznej',
    expired: 'po terminie ważności',
    use: 'Do czego służy',
    everywhere: 'do płacenia we wszystkich naszych sklepach',
    inStores: 'do płacenia w: {stores}',
    inSome: 'do płacenia w {count} naszych sklepach',
    online: 'do płacenia w sklepie internetowym, numerem i eKodem',
    onlineFrom: 'do płacenia w sklepie internetowym, numerem i eKodem, od {time}',
    topUp: 'do doładowania kwotą od {minimum} do {maximum}',
    noTopUp: 'Nie można jej doładować.',
    cashOut: 'resztę do {maximum} wypłacamy w gotówce',
    over: 'Nie można jej już użyć.',
    stopped: 'Nie można jej użyć, dopóki jest zablokowana.',
    latest: 'Ostatnie operacje',
    none: 'jeszcze żadnych',
    again: 'Sprawdź inną kartę',
    other: 'In English',
    undo: 'Cofnięcie',
  },
} as const satisfies Record<Language, Readonly<Record<string, string>>>

const OPERATIONS: Readonly<Record<string, { readonly [language in Language]: string }>> = {
  sale: { en: 'Card bought', pl: 'Zakup karty' },
  ecard_sale: { en: 'Card bought', pl: 'Zakup karty' },
  pack_sale: { en: 'Card handed out', pl: 'Wydanie karty' },
  top_up: { en: 'Top-up', pl: 'Doładowanie' },
  payment: { en: 'Payment', pl: 'Płatność' },
  refund: { en: 'Refund', pl: 'Zwrot' },
  cash_out: { en: 'Paid out', pl: 'Wypłata reszty' },
  duplicate: { en: 'New card', pl: 'Nowa karta' },
  expiry: { en: 'Expired', pl: 'Utrata ważności' },
  extension: { en: 'Validity extended', pl: 'Przedłużenie ważności' },
  adjustment_credit: { en: 'Correction', pl: 'Korekta' },
  adjustment_debit: { en: 'Correction', pl: 'Korekta' },
  welfare_load: { en: 'From your employer', pl: 'Od pracodawcy' },
  welfare_recall: { en: 'Taken back by your employer', pl: 'Odebrane przez pracodawcę' },
}

export type BalanceNotice = 'wrong' | 'busy' | { readonly throttledMinutes: number } | null

const top = (language: Language, theme: Theme): Html => {
  const other = language === 'en' ? 'pl' : 'en'
  return html`<div class="top">
    ${brand(theme)}<a href="${`/?lang=${other}`}" lang="${other}">${WORDS[language].other}</a>
  </div>`
}

/** The form; `said` is why there is no balance. The input is not shown again, because the screen may be public. */
export function balanceForm(language: Language, theme: Theme, said: BalanceNotice): string {
  const words = WORDS[language]
  const text =
    said === null
      ? null
      : typeof said === 'object'
        ? words.throttled.replace('{minutes}', String(said.throttledMinutes))
        : words[said]
  return page(
    { language, title: words.title, theme },
    html`<main>
      ${top(language, theme)}
      <form class="panel" method="post" action="${`/?lang=${language}`}">
        <h1>${words.title}</h1>
        <p>${words.lead}</p>
        ${text === null ? [] : html`<p class="wrong" role="alert">${text}</p>`}
        <label for="number">${words.number}</label>
        <p class="hint" id="number-hint">${words.numberHint}</p>
        <input
          id="number"
          name="number"
          inputmode="numeric"
          autocomplete="off"
          required
          maxlength="40"
          aria-describedby="number-hint"
        />
        <label for="ecode">${words.ecode}</label>
        <p class="hint" id="ecode-hint">${words.ecodeHint}</p>
        <input id="ecode" name="ecode" autocomplete="off" required maxlength="40" aria-describedby="ecode-hint" />
        <button type="submit">${words.show}</button>
      </form>
    </main>`,
  )
}

/** `timeZone`: IANA name, in which times are shown. */
export function balanceResult(
  language: Language,
  theme: Theme,
  { card, uses, history }: HolderBalance,
  timeZone: string,
): string {
  const words = WORDS[language]
  const { currency, ledger, available } = card.balance
  const money = moneyIn(language, currency)
  return page(
    { language, title: words.title, theme },
    html`<main>
      ${top(language, theme)}
      <section class="panel">
        <h1>${words.card} ${card.last4}</h1>
        <p>${card.issue.name}</p>
        <div class="balance"><span>${words.available}</span><strong>${money(available)}</strong></div>
        <dl>
          ${ledger === available ? [] : fact(words.waiting, money(ledger - available))}
          ${fact(words.state, words[card.state])} ${fact(words.validUntil, card.validUntil ?? words.noEnd)}
          ${fact(words.use, listOf(usesIn(language, card.state, uses, money, timeZone)))}
        </dl>
      </section>
      <section class="panel">
        <h2>${words.latest}</h2>
        ${
          history.length === 0
            ? html`<p>${words.none}</p>`
            : html`<table>
                ${history.map((entry) => row(language, entry, money, timeZone))}
              </table>`
        }
      </section>
      <p class="foot"><a href="${`/?lang=${language}`}">${words.again}</a></p>
    </main>`,
  )
}

/** The most stores that are named; above that only their number is shown. */
const STORES_NAMED = 6

/** The uses of a card that its issue allows, one line each. */
function usesIn(
  language: Language,
  state: CardView['state'],
  { stores, onlineFrom, topUp, cashOutMaximum }: CardUses,
  money: (minor: number) => string,
  timeZone: string,
): string[] {
  const words = WORDS[language]
  if (state === 'expired') return [words.over]
  if (state === 'blocked') return [words.stopped]
  const where =
    stores === null
      ? words.everywhere
      : stores.length > STORES_NAMED
        ? words.inSome.replace('{count}', String(stores.length))
        : words.inStores.replace('{stores}', stores.join(', '))
  const online =
    onlineFrom === null ? words.online : words.onlineFrom.replace('{time}', timeIn(language, onlineFrom, timeZone))
  const load =
    topUp === null
      ? words.noTopUp
      : words.topUp.replace('{minimum}', money(topUp.minimum)).replace('{maximum}', money(topUp.maximum))
  const rest = cashOutMaximum === null ? [] : [words.cashOut.replace('{maximum}', money(cashOutMaximum))]
  return [where, online, load, ...rest]
}

const listOf = (lines: readonly string[]): Html[] => [
  html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`,
]

function timeIn(language: Language, at: string, timeZone: string): string {
  const format = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const
  return new Intl.DateTimeFormat(language === 'pl' ? 'pl-PL' : 'en-GB', format).format(Date.parse(at))
}

const fact = (name: string, value: string | readonly Html[]): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`

function row(
  language: Language,
  { at, kind, value, where }: HistoryEntry,
  money: (minor: number) => string,
  timeZone: string,
): Html {
  const name = kind === 'undo' ? WORDS[language].undo : (OPERATIONS[kind]?.[language] ?? kind)
  const time = timeIn(language, at, timeZone)
  return html`<tr>
    <th scope="row"><span>${name}</span><small>${where === null ? time : `${time} · ${where}`}</small></th>
    <td>${value < 0 ? `−${money(-value)}` : `+${money(value)}`}</td>
  </tr>`
}

const moneyIn = (language: Language, currency: string) => {
  const format = new Intl.NumberFormat(language === 'pl' ? 'pl-PL' : 'en-GB', { style: 'currency', currency })
  const { maximumFractionDigits = 2 } = format.resolvedOptions()
  return (minor: number): string => format.format(minor / 10 ** maximumFractionDigits)
}

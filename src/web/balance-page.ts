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
    useText: 'paying in our stores and our web shop',
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
    useText: 'do płacenia w naszych sklepach i w sklepie internetowym',
    latest: 'Ostatnie operacje',
    none: 'jeszcze żadnych',
    again: 'Sprawdź inną kartę',
    other: 'In English',
    undo: 'Cofnięcie',
  },
} as const satisfies Record<Language, Readonly<Record<string, string>>>

const OPERATIONS: Readonly<Record<string, { readonly [language in Language]: string }>> = {
  sale: { en: 'Card bought', pl: 'Zakup karty' },
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
  welfare_recall: { en: 'Taken back by your employer', pl: 'Wycofane przez pracodawcę' },
}

export type BalanceSaid = 'wrong' | 'busy' | { readonly throttledMinutes: number } | null

const top = (language: Language, theme: Theme): Html => {
  const other = language === 'en' ? 'pl' : 'en'
  return html`<div class="top">
    ${brand(theme)}<a href="${`/?lang=${other}`}" lang="${other}">${WORDS[language].other}</a>
  </div>`
}

/** The form; `said` is why there is no balance. What was typed is not shown again: it could be somebody else's screen. */
export function balanceForm(language: Language, theme: Theme, said: BalanceSaid): string {
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
  card: CardView,
  history: readonly HistoryEntry[],
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
          ${fact(words.use, words.useText)}
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

const fact = (name: string, value: string): Html =>
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
  const time = new Intl.DateTimeFormat(language === 'pl' ? 'pl-PL' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).format(Date.parse(at))
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

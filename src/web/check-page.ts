import type { KioskAnswer } from '../office/kiosk-balance.ts'
import { CHECK_WORDS } from './check-words.ts'
import { html, page, type PageHead } from './page.ts'
import type { Language } from './problem.ts'

/** Path that the script of the page calls. */
export const CHECK_BALANCE = '/check/balance'

/**
 * The price checker page: one script, which asks about the scanned or typed card and clears the answer after ten
 * seconds.
 */
export function checkPage(language: Language, theme: PageHead['theme']): string {
  const words = CHECK_WORDS[language]
  return page(
    { language, title: words.title, theme, script: '/assets/check.js' },
    html`<main class="check" data-offline="${words.offline}">
      <h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>
      <form method="post" action="${`${CHECK_BALANCE}?lang=${language}`}">
        <label for="number">${words.number}</label>
        <input id="number" name="number" inputmode="numeric" autocomplete="off" required maxlength="40" />
        <button type="submit">${words.show}</button>
      </form>
      <div id="answer" role="status" aria-live="assertive"></div>
    </main>`,
  )
}

/** `wrong`: the code that was typed is not valid. */
export function notEnrolledPage(language: Language, theme: PageHead['theme'], wrong: boolean): string {
  const words = CHECK_WORDS[language]
  return page(
    { language, title: words.notEnrolled, theme },
    html`<main>
      <form class="panel" method="post" action="${`/check/enrol?lang=${language}`}">
        <h1>${words.notEnrolled}</h1>
        <p>${words.notEnrolledLead}</p>
        ${wrong ? html`<p class="wrong" role="alert">${words.wrongCode}</p>` : []}
        <label for="code">${words.code}</label>
        <input id="code" name="code" autocomplete="off" autocapitalize="characters" required maxlength="20" />
        <button type="submit">${words.enrol}</button>
      </form>
    </main>`,
  )
}

/** An answer as text: the large line and the lines below. */
export type CheckText = { readonly large: string | null; readonly lines: readonly string[] }

/** The answer to a refused query: this price checker has used up its minute, or this card its hour. */
export type CheckLimit = { readonly said: 'limited' | 'limitedCard' }

export function checkText(language: Language, answer: KioskAnswer | CheckLimit): CheckText {
  const words = CHECK_WORDS[language]
  if (answer.said !== 'balance') return { large: null, lines: [words[answer.said]] }
  const { available, currency, last4, state, validUntil } = answer
  const format = new Intl.NumberFormat(language === 'pl' ? 'pl-PL' : 'en-GB', { style: 'currency', currency })
  const { maximumFractionDigits = 2 } = format.resolvedOptions()
  return {
    large: format.format(available / 10 ** maximumFractionDigits),
    lines: [
      `${words.card} ${last4}`,
      ...(state === 'active' ? [] : [words[state]]),
      `${words.validUntil}: ${validUntil ?? words.noEnd}`,
    ],
  }
}

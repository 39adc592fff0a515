import { amountText, amountTextPl } from '../core/currency.ts'
import type { CasePage } from './case-page.ts'
import type { Words } from './refusal.ts'

type Sentence = { readonly at: number; readonly what: Words }

const REASONS: Readonly<Record<string, Words>> = {
  unconfirmed: {
    en: 'Nobody confirmed it in time, so the switch took it back.',
    pl: 'Nikt nie potwierdził na czas, więc system to cofnął.',
  },
  confirmation_unknown: {
    en: 'The till confirmed something that is not in the books.',
    pl: 'Kasa potwierdziła coś, czego nie ma w księgach.',
  },
  confirmation_after_reversal: {
    en: 'The till confirmed it after it was taken back.',
    pl: 'Kasa potwierdziła to po cofnięciu.',
  },
  reversal_too_late: { en: 'The till took it back too late.', pl: 'Kasa cofnęła to za późno.' },
  reversal_disagrees: {
    en: 'The till took back another amount, or another card.',
    pl: 'Kasa cofnęła inną kwotę lub inną kartę.',
  },
  advice_refused: {
    en: 'The till reported it as done, and the books could not book it.',
    pl: 'Kasa zgłosiła to jako wykonane, a księgi nie mogły tego zaksięgować.',
  },
  upstream_silent: { en: 'The other host never answered.', pl: 'Inny system nigdy nie odpowiedział.' },
  upstream_refuses: { en: 'The other host refuses to take it back.', pl: 'Inny system odmawia cofnięcia.' },
}

const word = (text: string): Words => ({ en: text.replaceAll('_', ' '), pl: text.replaceAll('_', ' ') })

/** What the switch knows and what the terminal said, in sentences. */
export function caseSaid({ row, links }: CasePage): { readonly known: Sentence[]; readonly said: Sentence[] } {
  const amount = { en: amountText(row.amount, row.currency), pl: amountTextPl(row.amount, row.currency) }
  const operation = row.operation ?? '–'
  const known: Sentence[] = [
    {
      at: row.receivedAt,
      what: {
        en: `The till ${row.terminal} asked for ${operation} of ${amount.en}: ${row.result.replaceAll('_', ' ')}.`,
        pl: `Kasa ${row.terminal}: ${operation}, ${amount.pl}: ${row.result.replaceAll('_', ' ')}.`,
      },
    },
    { at: row.openedAt, what: REASONS[row.reason] ?? word(row.reason) },
  ]
  const said = links
    .filter(({ isOriginal, who }) => !isOriginal && who === null)
    .map(({ at, what, state }) => ({
      at,
      what: { en: `The till said: ${what} (${state}).`, pl: `Kasa: ${what} (${state}).` },
    }))
  return {
    known,
    said: row.claim === null ? said : [...said, { at: row.openedAt, what: REASONS[row.claim] ?? word(row.claim) }],
  }
}

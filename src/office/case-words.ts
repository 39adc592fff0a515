import { amountText, amountTextPl } from '../core/currency.ts'
import type { ConfirmedOperation } from '../core/operations.ts'
import type { CasePage } from './case-page.ts'
import type { Words } from './refusal.ts'
import { textsOf } from './result-codes.ts'

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

/** How a case was closed. */
const RESOLUTIONS: Readonly<Record<string, Words>> = {
  confirmed_late: { en: 'it was confirmed late', pl: 'potwierdzono z opóźnieniem' },
  reversed_by_terminal: { en: 'the till took it back', pl: 'wycofała kasa' },
  reversed_by_host: { en: 'the other host took it back', pl: 'wycofał inny host' },
  clerk_confirmed: { en: 'it happened', pl: 'odbyło się' },
  clerk_reversed: { en: 'it did not happen', pl: 'nie odbyło się' },
}
export const resolutionWords = (resolution: string | null): Words => {
  const word = resolution ?? '–'
  return RESOLUTIONS[word] ?? { en: word, pl: word }
}

/** Operations that can become a case, as a part of a sentence. */
const OPERATIONS: Readonly<Record<ConfirmedOperation, Words>> = {
  sale: { en: 'a sale', pl: 'sprzedaż' },
  ecard_sale: { en: 'a sale of an e-card', pl: 'sprzedaż e-karty' },
  top_up: { en: 'a top-up', pl: 'doładowanie' },
  payment: { en: 'a payment', pl: 'płatność' },
  refund: { en: 'a refund', pl: 'zwrot' },
  cash_out: { en: 'a cash-out', pl: 'wypłata' },
  duplicate: { en: 'a duplicate', pl: 'duplikat' },
}

/** Operations and roles of the books, as a part of a sentence. */
const ACTS: Readonly<Record<string, Words>> = {
  ...OPERATIONS,
  books: { en: 'it happened', pl: 'odbyło się' },
  informs: { en: 'it happened without asking', pl: 'odbyło się bez pytania' },
  rebooks: { en: 'it happened after all', pl: 'jednak się odbyło' },
  confirms: { en: 'it is confirmed', pl: 'potwierdzenie' },
  cancels: { en: 'the cashier cancels it', pl: 'kasjer anuluje' },
  reverses: { en: 'it is taken back', pl: 'wycofanie' },
}
const STATES: Readonly<Record<string, Words>> = {
  declined: { en: 'declined', pl: 'odmowa' },
  unconfirmed: { en: 'unconfirmed', pl: 'niepotwierdzona' },
  confirmed: { en: 'confirmed', pl: 'potwierdzona' },
  reversed: { en: 'taken back', pl: 'wycofana' },
  cancelled: { en: 'cancelled', pl: 'anulowana' },
  pending: { en: 'with another host', pl: 'u innego hosta' },
}

const word = (text: string): Words => ({ en: text.replaceAll('_', ' '), pl: text.replaceAll('_', ' ') })

/** The facts of the switch and the claims of the terminal, as sentences. */
export function caseSaid({ row, links }: CasePage): { readonly known: Sentence[]; readonly said: Sentence[] } {
  const amount = { en: amountText(row.amount, row.currency), pl: amountTextPl(row.amount, row.currency) }
  const operation = ACTS[row.operation ?? ''] ?? word(row.operation ?? '–')
  const answer = row.result === 'approved' ? { en: 'approved', pl: 'przyjęta' } : textsOf(row.result)
  const known: Sentence[] = [
    {
      at: row.receivedAt,
      what: {
        en: `The till ${row.terminal} asked for ${operation.en} of ${amount.en}: ${answer.en}.`,
        pl: `Kasa ${row.terminal}: ${operation.pl}, ${amount.pl}: ${answer.pl}.`,
      },
    },
    { at: row.openedAt, what: REASONS[row.reason] ?? word(row.reason) },
  ]
  const said = links
    .filter(({ isOriginal, who }) => !isOriginal && who === null)
    .map(({ at, what: act, state: ended }) => {
      const [what, state] = [ACTS[act] ?? word(act), STATES[ended] ?? word(ended)]
      return { at, what: { en: `The till said: ${what.en} (${state.en}).`, pl: `Kasa: ${what.pl} (${state.pl}).` } }
    })
  return {
    known,
    said: row.claim === null ? said : [...said, { at: row.openedAt, what: REASONS[row.claim] ?? word(row.claim) }],
  }
}

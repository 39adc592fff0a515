import { currencyLettered } from '../../core/currency.ts'
import {
  addCounterparty,
  closeCounterparty,
  type Counterparty,
  listCounterparties,
  listCredits,
  showCounterparty,
} from '../../office/counterparties.ts'
import type { Credit } from '../../office/counterparty/credit.ts'
import { proposeCreditLimit } from '../../office/counterparty/credit-limits.ts'
import {
  correctPayment,
  enterPayment,
  importPayments,
  listPayments,
  type Payment,
  type WaitingEntry,
} from '../../office/counterparty/payments.ts'
import { statementOf } from '../../office/counterparty/statement.ts'
import { listPacks } from '../../office/packs.ts'
import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import type { Handlers } from '../call.ts'
import { figuresOf, sendFile } from '../figures.ts'
import { money, time } from '../format.ts'

type CounterpartyRoutes = Pick<Handlers, Extract<keyof Handlers, `counterparties.${string}`>>

const creditAnswer = ({ owed, committed, limit, currency }: Credit) => ({
  owed: money(owed, currency),
  committed: money(committed, currency),
  limit: limit === null ? null : money(limit, currency),
})

const counterpartyAnswer = ({ code, name, state }: Counterparty, credits: readonly Credit[]) => ({
  code,
  name,
  state,
  credits: credits.map(creditAnswer),
})

const entryAnswer = ({ paidOn, reference, amount, currency, note, corrects, at }: Omit<Payment, 'id'>) => ({
  paidOn,
  reference,
  amount: money(amount, currency),
  note,
  corrects: corrects === null ? null : String(corrects),
  at: time(at),
})

const paymentAnswer = (payment: Payment) => {
  const { id, enteredBy, approvedBy } = payment
  return { ...entryAnswer(payment), id: String(id), enteredBy, approvedBy }
}
const waitingAnswer = ({ proposal, by, ...entry }: WaitingEntry) => ({
  ...entryAnswer({ ...entry, enteredBy: by, approvedBy: '' }),
  id: String(proposal),
  enteredBy: by,
  approvedBy: null,
})

const numberOf = (letters: string): number | Refused =>
  currencyLettered(letters)?.number ?? refused('payment_not_valid', { field: 'currency', value: letters })

const SHOWN = 200

export const counterpartyRoutes: CounterpartyRoutes = {
  async 'counterparties.list'({ office, actor }) {
    const all = await listCounterparties(office, actor)
    if (isRefused(all)) return all
    const credits = await listCredits(office, actor)
    if (isRefused(credits)) return credits
    return {
      items: all.map((one) =>
        counterpartyAnswer(
          one,
          credits.filter(({ counterparty }) => counterparty === one.code),
        ),
      ),
    }
  },
  async 'counterparties.add'({ office, actor, body }) {
    const added = await addCounterparty(office, actor, body)
    return isRefused(added) ? added : { code: added.code }
  },
  async 'counterparties.show'({ office, actor, params: { code } }) {
    const page = await showCounterparty(office, actor, code)
    if (isRefused(page)) return page
    const { counterparty, credits } = page
    const paid = await listPayments(office, actor, { counterparty: code, most: SHOWN })
    if (isRefused(paid)) return paid
    const packs = await listPacks(office, actor, { issue: null, recipient: code, state: null, most: SHOWN })
    if (isRefused(packs)) return packs
    return {
      counterparty: counterpartyAnswer(counterparty, credits),
      payments: [...paid.waiting.map(waitingAnswer), ...paid.payments.map(paymentAnswer)],
      packs: packs
        .filter(({ recipient }) => recipient.kind === 'counterparty')
        .map(({ id, issue, state, cards, saleAmount, currency, saleApprovedBy }) => ({
          id: String(id),
          issue,
          state,
          cards,
          amount: saleAmount === null ? null : money(saleAmount * cards, currency),
          soldBy: saleApprovedBy,
        })),
    }
  },
  async 'counterparties.close'({ office, actor, params: { code } }) {
    const closed = await closeCounterparty(office, actor, { code })
    return isRefused(closed) ? closed : {}
  },
  async 'counterparties.pay'({ office, actor, params, body: { currency: letters, ...body } }) {
    const currency = numberOf(letters)
    if (isRefused(currency)) return currency
    const entered = await enterPayment(office, actor, { ...body, counterparty: params.code, currency })
    return isRefused(entered) ? entered : { approval: `payment-${entered.proposal}` }
  },
  async 'counterparties.correct'({ office, actor, params, body }) {
    const entered = await correctPayment(office, actor, { payment: Number(params.id), note: body.reason })
    return isRefused(entered) ? entered : { approval: `payment-${entered.proposal}` }
  },
  async 'counterparties.import'({ office, actor, body: { fileName, content } }) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(content)) return refused('file_not_read', { file: fileName, why: 'base64' })
    const file = { name: fileName, content: Buffer.from(content, 'base64') }
    const entered = await importPayments(office, actor, file)
    return isRefused(entered) ? entered : { approval: `payment-${entered.proposal}`, payments: entered.entries.length }
  },
  async 'counterparties.limit'({ office, actor, params, body: { currency: letters, amount, reason } }) {
    const currency = numberOf(letters)
    if (isRefused(currency)) return currency
    const id = await proposeCreditLimit(office, actor, { counterparty: params.code, currency, amount, reason })
    return isRefused(id) ? id : { approval: `creditLimit-${id}` }
  },
  async 'counterparties.statement'({ office, actor, params, query: { from = null, to = null }, language }) {
    const statement = await statementOf(office, actor, { counterparty: params.code, from, to }, language)
    if (isRefused(statement)) return statement
    const { matrix: _matrix, ...figures } = figuresOf(statement)
    const { exactAsOf, filter } = statement
    return { ...figures, exactAsOf: { ...exactAsOf }, from: filter.from ?? '', to: filter.to ?? '' }
  },
  async 'counterparties.statementFile'({ office, actor, params, query, reply, language }) {
    const { from = null, to = null, ...file } = query
    const statement = await statementOf(office, actor, { counterparty: params.code, from, to }, language)
    if (isRefused(statement)) return statement
    return sendFile(reply, statement, { ...file, language, by: actor.login })
  },
}

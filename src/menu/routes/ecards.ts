import { currencyOf } from '../../core/currency.ts'
import { type Ecard, ecardIssues, listEcards, sellEcard, sendEcardAgain } from '../../office/ecards.ts'
import { isRefused } from '../../office/refusal.ts'
import type { Handlers } from '../call.ts'
import { money, time, timeOrNull } from '../format.ts'

const USUAL = 50

const ecardAnswer = (ecard: Ecard) => {
  const { id, issue, issueName, amount, currency, buyer, email, language, state, proposedBy, decidedBy } = ecard
  const { cardId, shown, mails, tries, problem } = ecard
  return {
    id: String(id),
    issue: { code: issue, name: issueName },
    amount: money(amount, currency),
    buyer: { ...buyer },
    email,
    language,
    state,
    proposedBy,
    proposedAt: time(ecard.proposedAt),
    decidedBy,
    decidedAt: timeOrNull(ecard.decidedAt),
    card: cardId === null || shown === null ? null : { id: String(cardId), shown },
    mails,
    tries,
    sentAt: timeOrNull(ecard.sentAt),
    dueAt: timeOrNull(ecard.dueAt),
    problem,
  }
}

export const ecardRoutes: Pick<Handlers, Extract<keyof Handlers, `ecards.${string}`>> = {
  async 'ecards.list'({ office, actor, parts, query }) {
    const most = query.limit ?? USUAL
    const before = query.cursor === undefined ? null : Number(query.cursor)
    const found = await listEcards(office, actor, {
      before: Number.isSafeInteger(before) ? before : null,
      most: most + 1,
    })
    if (isRefused(found)) return found
    const items = found.slice(0, most).map(ecardAnswer)
    return {
      items,
      next: found.length > most ? (items.at(-1)?.id ?? null) : null,
      mail: parts.mails,
      issues: ecardIssues(office).map(({ code, currency, nominal, sale }) => ({
        code,
        currency: currencyOf(currency).letters,
        nominal: nominal === null ? null : money(nominal, currency),
        minimum: money(sale.minimum, currency),
        maximum: money(sale.maximum, currency),
      })),
    }
  },
  async 'ecards.sell'({ office, actor, parts, body }) {
    const sold = await sellEcard(office, actor, { ...body, mails: parts.mails })
    return isRefused(sold) ? sold : { id: String(sold.id), approval: `ecard-${sold.proposal}` }
  },
  async 'ecards.resend'({ office, actor, parts, params: { id }, body: { email, reason } }) {
    const sent = await sendEcardAgain(office, actor, {
      id: Number(id),
      email: email ?? null,
      reason,
      mails: parts.mails,
    })
    if (isRefused(sent)) return sent
    return { approval: sent.waits === null ? null : `ecard-${sent.waits}` }
  },
}

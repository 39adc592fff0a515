import type { Block } from '../core/card.ts'
import type { ContraAccount } from '../core/money.ts'
import type { Operation } from '../core/operations.ts'
import type { NumberHashes, Office as Said } from '../core/request.ts'
import { clerkKey, type Key } from '../core/key.ts'
import { isApproved, type Result } from '../core/result.ts'
import { ISSUER, openAccount } from '../db/accounts.ts'
import type { ShownCard } from '../db/sql/shown-cards.ts'
import { TEXTS } from '../messages/texts.ts'
import type { Actor } from './actor.ts'
import { auditOf, requesterOf } from './audit-row.ts'
import { dateIn } from './clock.ts'
import type { Office } from './office.ts'
import { officeRequest } from './office-request.ts'
import { refused, type Refused } from './refusal.ts'
import type { Right } from './rights-table.ts'

/** What a person asks the engine for. */
export type ClerkWish = {
  /** The right that it needed, for the audit. */
  readonly right: Right
  readonly operation: Operation
  readonly card: ShownCard & { readonly currency: number }
  readonly reason: string
  /** What makes it happen once; else it is done each time it is asked for. */
  readonly key?: Key
  readonly amount?: number
  /** The issuer's account on the other side, where money moves. */
  readonly against?: ContraAccount
  readonly block?: Block
  readonly successor?: NumberHashes
  readonly office?: Partial<Said>
}

/** Null: done. Else the engine's reason. */
export async function askEngine(
  office: Office,
  actor: Pick<Actor, 'login' | 'channel'>,
  at: number,
  wish: ClerkWish,
): Promise<Refused | null> {
  const { operation, card, reason, against } = wish
  const id = office.nextId()
  const contra = against === undefined ? undefined : await openAccount(office.db.access, against, ISSUER, card.currency)
  const said: Said = { validUntil: null, expiry: null, plastic: null, who: actor.login, reason, ...wish.office }
  const details = { operation, reason, amount: wish.amount ?? null, block: wish.block ?? null, until: said.validUntil }
  const request = officeRequest(
    {
      operation,
      requester: requesterOf(actor),
      attached: [auditOf(actor, { action: wish.right, object: { kind: 'card', id: card.id }, details })],
      key: wish.key ?? clerkKey(id),
      card,
      currency: card.currency,
      office: said,
      ...(contra === undefined ? {} : { contra }),
      ...(wish.amount === undefined ? {} : { amount: wish.amount }),
      ...(wish.block === undefined ? {} : { block: wish.block }),
      ...(wish.successor === undefined ? {} : { successor: wish.successor }),
    },
    { id, spareId: office.nextId(), now: at, today: dateIn(office.timeZone, at) },
  )
  const { result } = await office.submit(request)
  return isApproved(result) ? null : declined(result)
}

/** What the engine declined, in the words of DE 63. */
export const declined = (result: Result): Refused =>
  refused('declined', { reason: TEXTS[result] ?? { en: result, pl: result } })

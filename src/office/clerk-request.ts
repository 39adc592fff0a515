import type { Block } from '../core/card.ts'
import type { ContraAccount } from '../core/money.ts'
import type { Operation } from '../core/operations.ts'
import type { NumberHashes, Office as OfficeDetails } from '../core/request.ts'
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

/** A clerk's request to the engine. */
export type ClerkInput = {
  /** The right that it needed, for the audit. */
  readonly right: Right
  readonly operation: Operation
  readonly card: ShownCard & { readonly currency: number }
  readonly reason: string
  /** The key for exactly-once execution; without it each call acts again. */
  readonly key?: Key
  readonly amount?: number
  /** The issuer's account on the other side, where money moves. */
  readonly against?: ContraAccount
  readonly block?: Block
  readonly successor?: NumberHashes
  readonly office?: Partial<OfficeDetails>
}

/** Null: done. Else the engine's reason. */
export async function askEngine(
  office: Office,
  actor: Pick<Actor, 'login' | 'channel'>,
  at: number,
  input: ClerkInput,
): Promise<Refused | null> {
  const { operation, card, reason, against } = input
  const id = office.nextId()
  const contra = against === undefined ? undefined : await openAccount(office.db.access, against, ISSUER, card.currency)
  const officeDetails: OfficeDetails = {
    validUntil: null,
    expiry: null,
    plastic: null,
    who: actor.login,
    reason,
    ...input.office,
  }
  const details = {
    operation,
    reason,
    amount: input.amount ?? null,
    block: input.block ?? null,
    until: officeDetails.validUntil,
  }
  const request = officeRequest(
    {
      operation,
      requester: requesterOf(actor),
      attached: [auditOf(actor, { action: input.right, object: { kind: 'card', id: card.id }, details })],
      key: input.key ?? clerkKey(id),
      card,
      currency: card.currency,
      office: officeDetails,
      ...(contra === undefined ? {} : { contra }),
      ...(input.amount === undefined ? {} : { amount: input.amount }),
      ...(input.block === undefined ? {} : { block: input.block }),
      ...(input.successor === undefined ? {} : { successor: input.successor }),
    },
    { id, spareId: office.nextId(), now: at, today: dateIn(office.timeZone, at) },
  )
  const { result } = await office.submit(request)
  return isApproved(result) ? null : declined(result)
}

/** The engine's decline, with its text for DE 63. */
export const declined = (result: Result): Refused =>
  refused('declined', { reason: TEXTS[result] ?? { en: result, pl: result } })

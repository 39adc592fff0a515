import type { WorkerConnection } from '../db/connection.ts'
import { decideProposalRow, selectProposalOf, toProposal, type ProposalRow } from '../db/sql/proposals.ts'
import {
  admitApiKey,
  type ApiKeyRecord,
  lockApiKey,
  lockShop,
  revokeApiKeyAt,
  type ShopLimits,
  type ShopRecord,
  toApiKey,
  toShop,
  updateShop,
} from '../db/sql/shops.ts'
import { selectSignedInAs } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import { type AlertKind, raiseAlert } from './alerts.ts'
import type { Office } from './office.ts'
import { readRoles, rightsOfRoles } from './person.ts'
import { decideProposal, proposalRight, propose } from './proposals.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { ROLES } from './rights-table.ts'
import { thenForgetKeys } from './shop-sign-in.ts'

/**
 * Changes of web shops that need a second person, an accountant (docs/spec/abuse.md, 2): keys that move money, and
 * higher limits.
 */

export const NO_LIMITS: ShopLimits = { loadsAnHour: null, loadsADay: null, returnsAnHour: null, returnsADay: null }

/**
 * Not in a demo. If nobody who may decide (now or formerly) has ever signed in, one person acts alone, with an alert.
 * Disabling the accountants or changing their roles later does not restore this.
 */
export async function wantsSecond(
  connection: WorkerConnection,
  office: Pick<Office, 'demo' | 'nextId' | 'clock'>,
  alone: AlertKind,
  shop: string,
): Promise<boolean> {
  if (office.demo) return false
  const own = await readRoles(connection)
  const deciding = [...ROLES, ...own.map(({ code }) => code)].filter((role) =>
    DECIDING.some((right) => rightsOfRoles([role], own).has(right)),
  )
  const [[second] = []] = await connection.send(selectSignedInAs(deciding))
  if (second === undefined) await raiseAlert(connection, office, alone, shop, office.clock())
  return second !== undefined
}

const DECIDING = [proposalRight('apiKey'), proposalRight('shop')]

/** A change of a shop, in two parts. */
export type ChangeParts = {
  /** The shop with the changes that take effect at once. */
  readonly now: ShopRecord
  /** The changes that wait; null: none. */
  readonly rest: ShopChange | null
}

/** Changes that let a shop move or undo more: before and after. */
export type ShopChange = {
  readonly code: string
  readonly before: Relaxable
  readonly after: Relaxable
}
type Relaxable = Pick<ShopRecord, 'limits' | 'cancelDays'>

export async function partsOfChange(
  connection: WorkerConnection,
  office: Office,
  before: ShopRecord,
  input: ShopRecord,
): Promise<ChangeParts> {
  const limits = isLooser(before.limits, input.limits)
  const cancelDays = input.cancelDays > before.cancelDays
  if (!limits && !cancelDays) return { now: input, rest: null }
  if (!(await wantsSecond(connection, office, 'shop_limits_alone', input.code))) return { now: input, rest: null }
  const now = {
    ...input,
    limits: limits ? before.limits : input.limits,
    cancelDays: cancelDays ? before.cancelDays : input.cancelDays,
  }
  const after = {
    limits: limits ? input.limits : now.limits,
    cancelDays: cancelDays ? input.cancelDays : now.cancelDays,
  }
  return { now, rest: { code: input.code, before: relaxableOf(now), after } }
}

const relaxableOf = ({ limits, cancelDays }: ShopRecord): Relaxable => ({ limits, cancelDays })

/** If there were no limits before, the first ones are judged by the second person. */
const isLooser = (before: ShopLimits, after: ShopLimits): boolean =>
  (Object.keys(before) as (keyof ShopLimits)[]).some((name) => {
    const [from, to] = [before[name], after[name]]
    return from === null ? to !== null : to === null || to > from
  })

export async function proposeRest(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { now, rest }: ChangeParts,
): Promise<(ShopRecord & { readonly waits: number | null }) | Refused> {
  if (rest === null) return { ...now, waits: null }
  const waits = await propose(connection, office, actor, {
    kind: 'shop',
    subject: subjectOf(rest.code),
    input: rest,
    reason: '',
    details: { shop: rest.code, ...rest.after.limits, cancelDays: rest.after.cancelDays },
    store: now.store,
  })
  return isRefused(waits) ? waits : { ...now, waits }
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-'

/** Proposals are about numbers: the code of a shop as one, of base 38, so that no two shops share it. */
const subjectOf = (code: string): number =>
  Array.from(code).reduce((number, letter) => number * (LETTERS.length + 1) + LETTERS.indexOf(letter) + 1, 0)

export const shopChange = ({ input }: Pick<ProposalRow, 'input'>): ShopChange => JSON.parse(input) as ShopChange

type Decision = { readonly id: number; readonly approve: boolean; readonly reason: string }

export const decideShop = (office: Office, actor: Actor, input: Decision): Promise<ProposalRow | Refused> =>
  thenForgetKeys(
    office,
    decideProposal(office, actor, { kind: 'shop', ...input }, async (connection, proposal) => {
      if (!input.approve) return null
      const { code, before, after } = shopChange(proposal)
      const [[row] = []] = await connection.send(lockShop(code))
      const shop = row === undefined ? null : toShop(row)
      if (shop === null) return refused('no_such_shop', { shop: code })
      if (JSON.stringify(relaxableOf(shop)) !== JSON.stringify(before)) return refused('changed_since')
      await connection.send(updateShop({ ...shop, ...after }))
      return null
    }),
  )

export const proposeApiKey = (
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { id, shop, name, scopes }: ApiKeyRecord,
): Promise<number | Refused> =>
  propose(connection, office, actor, {
    kind: 'apiKey',
    subject: id,
    input: { shop },
    reason: '',
    details: { shop, key: id, name, scopes },
  })

/** A key that is revoked before anybody decided about it is asked about no more. */
export async function withdrawApiKey(
  connection: WorkerConnection,
  { login }: Actor,
  id: number,
  at: number,
): Promise<void> {
  const [[open] = []] = await connection.send(selectProposalOf('apiKey', id))
  if (open !== undefined) await connection.send(decideProposalRow(toProposal(open).id, login, at, false))
}

/** Approved: it may be used from now on. Refused: it never may. */
export const decideApiKey = (office: Office, actor: Actor, input: Decision): Promise<ProposalRow | Refused> =>
  thenForgetKeys(
    office,
    decideProposal(office, actor, { kind: 'apiKey', ...input }, async (connection, { subject }, at) => {
      const [[row] = []] = await connection.send(lockApiKey(subject))
      if (row === undefined || toApiKey(row).revokedAt !== null) return refused('no_such_api_key', { id: subject })
      await connection.send(input.approve ? admitApiKey(subject) : revokeApiKeyAt(subject, at))
      return null
    }),
  )

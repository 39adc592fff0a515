import {
  type PackEventView,
  type PackFilter,
  type PackRow,
  selectPackEvents,
  selectPackRows,
  toPackEventView,
  toPackRow,
} from '../db/sql/pack-rows.ts'
import type { Actor } from './actor.ts'
import { dependenceObjection } from './grants.ts'
import { raiseAlert } from './alerts.ts'
import type { Office } from './office.ts'
import { cardsByState, type PackInput, packRow, soldOf, stepPack, storeOfPack } from './pack-step.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere, storesOf } from './rights.ts'

export type { PackRow }

/** The newest first; of an actor with own stores only those of these. */
export async function listPacks(
  office: Office,
  actor: Actor,
  filter: Omit<PackFilter, 'stores'>,
): Promise<readonly PackRow[] | Refused> {
  const no = mayDoAnywhere(actor, 'packs.find')
  if (no !== null) return no
  const stores = storesOf(actor, 'packs.find')
  const [rows = []] = await office.db.use((connection) => connection.send(selectPackRows({ ...filter, stores })))
  return rows.map(toPackRow)
}

export type PackView = {
  readonly pack: PackRow
  /** The state in the cards' own rows: an unsold card is `inactive`, whatever the state of its pack. */
  readonly states: ReadonlyMap<string, number>
  readonly events: readonly PackEventView[]
}

export async function findPack(
  office: Office,
  actor: Actor,
  { pack: id }: { readonly pack: number },
): Promise<PackView | Refused> {
  const no = mayDoAnywhere(actor, 'packs.find')
  if (no !== null) return no
  return office.db.use(async (connection) => {
    const pack = await packRow(connection, id)
    if (isRefused(pack)) return pack
    const against = mayDo(actor, 'packs.find', storeOfPack(pack))
    if (against !== null) return against
    const [events = []] = await connection.send(selectPackEvents(id))
    return { pack, states: await cardsByState(connection, id), events: events.map(toPackEventView) }
  })
}

export const dispatchPack = (office: Office, actor: Actor, input: PackInput): Promise<PackRow | Refused> =>
  stepPack(office, actor, { right: 'packs.dispatch', step: 'dispatch', at: office.clock() }, input, () => ({
    event: 'dispatched',
    marks: {},
    detail: null,
  }))

/** Activates a pack: all its cards can be sold from now on. If the issue requires authorisation, only after a second person gave it. */
export const activatePack = (office: Office, actor: Actor, input: PackInput): Promise<PackRow | Refused> =>
  stepPack(office, actor, { right: 'packs.activate', step: 'activate', at: office.clock() }, input, (pack) =>
    pack.issueState === 'activated'
      ? { event: 'activated', marks: { activatedBy: actor.login }, detail: null }
      : refused('issue_to_be_activated', { issue: pack.issue, state: pack.issueState }),
  )

/** Authorises an active pack, as a second person, if the issue requires it. */
export const authorisePack = (office: Office, actor: Actor, input: PackInput): Promise<PackRow | Refused> =>
  stepPack(
    office,
    actor,
    { right: 'packs.authorise', step: 'authorise', at: office.clock() },
    input,
    async (pack, connection) => {
      const { issue, id, saleAuthorisation, authorisedBy, activatedBy } = pack
      if (!saleAuthorisation) return refused('pack_needs_no_authorisation', { issue, pack: id })
      if (authorisedBy !== null) return refused('pack_authorised', { pack: id, who: authorisedBy })
      if (actor.login === activatedBy) return refused('activated_by_same', { who: actor.login })
      const dependent = await dependenceObjection(connection, office, actor, activatedBy ?? '', office.clock())
      if (dependent !== null) return dependent
      return { event: 'authorised', marks: { authorisedBy: actor.login }, detail: null }
    },
  )

/** Takes a whole pack back from its recipient; its cards may then go into another pack. */
export const returnPack = (office: Office, actor: Actor, input: PackInput): Promise<PackRow | Refused> =>
  stepPack(
    office,
    actor,
    { right: 'packs.return', step: 'return', at: office.clock() },
    input,
    async (pack, connection) => {
      const sold = await soldOf(connection, pack.id)
      if (sold > 0) return refused('pack_partly_sold', { sold, pack: pack.id })
      return { event: 'returned', marks: {}, detail: null }
    },
  )

/** Kills a stolen pack: from now on each of its cards that is not sold is answered 43, for good. */
export const killPack = (office: Office, actor: Actor, input: PackInput): Promise<PackRow | Refused> =>
  stepPack(
    office,
    actor,
    { right: 'packs.kill', step: 'kill', at: office.clock() },
    input,
    async (pack, connection) => {
      const sold = await soldOf(connection, pack.id)
      await raiseAlert(connection, office, 'pack_killed', String(pack.id), office.clock())
      const left = pack.state === 'sold' ? 'those used since stay good' : `${sold} sold before stay good`
      return { event: 'killed', marks: {}, detail: `${pack.cards} cards, ${left}` }
    },
  )

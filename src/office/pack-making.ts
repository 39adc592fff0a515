import { type Serials, serialsText } from '../cards/serials.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { putIntoPack } from '../db/sql/pack-cards.ts'
import { insertPack, type Recipient, selectCounterpartyState, selectStoreState } from '../db/sql/pack-rows.ts'
import type { Actor } from './actor.ts'
import { inTransaction, type Office } from './office.ts'
import { chunksOf, type Finding, planOf, type PackPlan } from './pack-plan.ts'
import { readSelection, type Selection } from './pack-selection.ts'
import { writeEvent } from './pack-step.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** Returns the plan of a pack and its findings; writes nothing. */
export async function planPack(
  office: Office,
  actor: Actor,
  { issue, selection }: { readonly issue: string; readonly selection: Selection },
): Promise<PackPlan | Refused> {
  const no = mayDo(actor, 'packs.make')
  if (no !== null) return no
  const wanted = readSelection(office.keys, selection)
  return isRefused(wanted) ? wanted : office.db.use((connection) => planOf(connection, issue, wanted))
}

export type NewPack = {
  readonly issue: string
  readonly selection: Selection
  readonly recipient: Recipient
  /** Findings that are allowed because they are intended: cards left out, or named more than once. */
  readonly allowed: readonly Finding[]
  readonly reason?: string | null
}

/** `pack` null: nothing was saved, since something is wrong that is not allowed. */
export type MadePack = { readonly plan: PackPlan; readonly pack: number | null }

/**
 * Creates a pack, or returns the objections. Its cards' rows are locked while they are written (100,000 cards: 8 s on
 * two busy cores); unsold cards in no pack are only used by their issuer.
 */
export async function makePack(office: Office, actor: Actor, input: NewPack): Promise<MadePack | Refused> {
  const plan = await planPack(office, actor, input)
  if (isRefused(plan)) return plan
  if ([...plan.findings.keys()].some((finding) => !input.allowed.includes(finding))) return { plan, pack: null }
  const pack = await writePack(office, actor, plan, input)
  return isRefused(pack) ? pack : { plan, pack }
}

/** Creates the planned pack, or nothing. */
export async function writePack(
  office: Office,
  actor: Actor,
  plan: PackPlan,
  { recipient, reason = null }: Pick<NewPack, 'recipient' | 'reason'>,
): Promise<number | Refused> {
  const no = mayDo(actor, 'packs.make')
  if (no !== null) return no
  const id = await takeIds(office.db.access, 'pack', 1)
  const eventId = office.nextId()
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const against = await againstRecipient(connection, recipient)
    if (against !== null) return against
    const { issueId, cards, ranges } = plan
    await connection.send(insertPack({ id, issueId, recipient, cards, who: actor.login }))
    const put = await putAll(connection, id, issueId, ranges)
    if (put !== cards) return refused('cards_taken_meanwhile')
    const [event, detail, action] = ['made', inWords(plan), 'packs.make'] as const
    await writeEvent(office, actor, connection, { eventId, at, pack: { id, recipient }, event, reason, detail, action })
    return id
  })
}

async function putAll(
  connection: WorkerConnection,
  id: number,
  issueId: number,
  all: readonly Serials[],
): Promise<number> {
  let put = 0
  for (const ranges of chunksOf(all)) {
    const [[count] = []] = await connection.send(`${putIntoPack(id, issueId, ranges)};SELECT ROW_COUNT()`)
    put += Number(count?.[0])
  }
  return put
}

async function againstRecipient(connection: WorkerConnection, { kind, code }: Recipient): Promise<Refused | null> {
  const [[row] = []] = await connection.send(kind === 'store' ? selectStoreState(code) : selectCounterpartyState(code))
  if (row === undefined) return refused('no_such_recipient', { kind: KINDS[kind], code })
  return row[0] === 'open' ? null : refused('recipient_closed', { kind: KINDS[kind], code, state: String(row[0]) })
}

const KINDS = {
  store: { en: 'store', pl: 'sklep' },
  counterparty: { en: 'counterparty', pl: 'kontrahent' },
} as const satisfies Record<Recipient['kind'], { en: string; pl: string }>

const LONGEST_DETAIL = 900

/** The contents as serial ranges, as many as fit. */
function inWords({ ranges, cards }: PackPlan): string {
  const text = `${cards} cards, serial ${ranges.map(serialsText).join(', ')}`
  return text.length <= LONGEST_DETAIL ? text : `${text.slice(0, LONGEST_DETAIL)} ... in ${ranges.length} ranges`
}

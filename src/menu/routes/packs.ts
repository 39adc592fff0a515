import { PACK_STEPS, type PackState, type PackStep, skippedBy } from '../../core/pack.ts'
import { currencyOf } from '../../core/currency.ts'
import type { Actor } from '../../office/actor.ts'
import { listApprovals } from '../../office/approvals.ts'
import { listCounterparties } from '../../office/counterparties.ts'
import type { Office } from '../../office/office.ts'
import { findSerials } from '../../office/pack-choice.ts'
import { makePack, planPack } from '../../office/pack-making.ts'
import type { PackPlan } from '../../office/pack-plan.ts'
import { receivePack } from '../../office/pack-receiving.ts'
import { askPackSale } from '../../office/pack-sale.ts'
import { findScanned, scannedCards, showSerials } from '../../office/pack-scans.ts'
import type { Selection } from '../../office/pack-selection.ts'
import {
  activatePack,
  dispatchPack,
  findPack,
  killPack,
  listPacks,
  type PackRow,
  returnPack,
} from '../../office/packs.ts'
import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import type { Session } from '../../office/sessions.ts'
import { API, type Body, type Query } from '../api.ts'
import type { Handlers } from '../call.ts'
import { cardCriteria, queryOfUrl } from '../criteria.ts'
import { money, storedTime } from '../format.ts'
import { waitingAnswer } from './issues.ts'
import { rowBefore } from '../page-cursor.ts'

type PackRoutes = Pick<Handlers, Extract<keyof Handlers, `packs.${string}`>>

/** Names of counterparties where this person may see them; else their codes. */
async function counterpartyNames(office: Office, actor: Actor): Promise<ReadonlyMap<string, string>> {
  const all = await listCounterparties(office, actor)
  return new Map((isRefused(all) ? [] : all).map(({ code, name }) => [code, name]))
}

const rowAnswer = (office: Office, names: ReadonlyMap<string, string>, pack: PackRow) => {
  const { kind, code } = pack.recipient
  const name = kind === 'store' ? office.registry().stores.get(code)?.name : names.get(code)
  return {
    id: String(pack.id),
    issue: pack.issue,
    recipient: { kind, code, name: name ?? code },
    state: pack.state,
    cards: pack.cards,
    authorised: !pack.saleAuthorisation || pack.authorisedBy !== null,
  }
}

const STEPS = ['dispatch', 'receive', 'activate', 'sell', 'return', 'kill'] as const satisfies readonly PackStep[]

function stepAnswer(step: (typeof STEPS)[number], state: PackState, kind: 'store' | 'counterparty') {
  const { only } = PACK_STEPS[step]
  const skips = only === null || only === kind ? skippedBy(step, state) : null
  return { step, skips: [...(skips ?? [])], possible: skips !== null }
}

const planAnswer = ({ cards, ranges, findings }: PackPlan) => ({
  cards,
  ranges: ranges.length,
  findings: [...findings].map(([finding, { count, first, more }]) => ({
    finding,
    count,
    first: [...first],
    more,
    allowable: finding === 'overlap' || finding === 'gap',
  })),
})

type Chosen = Pick<Body<'packs.plan'>, 'serials' | 'scanned' | 'file'>

async function selectionOf(office: Office, session: Session | null, chosen: Chosen): Promise<Selection | Refused> {
  const { serials, scanned, file } = chosen
  if (session === null) return refused('not_signed_in')
  const read = await scannedCards(office, session, scanned)
  if (isRefused(read)) return read
  return {
    serials: serials.trim() === '' ? [] : [serials.replaceAll(' ', '')],
    numbers: [],
    cards: [],
    files: file === null ? [] : [file],
    read,
  }
}

/** Serials reveal the numbers of an issue with sequential numbers: only issuers see them. */
const withoutSerials = (detail: string | null): string | null => detail?.replace(/, serial .*$/u, '') ?? null

const done = (result: unknown) => (isRefused(result) ? result : {})

export const packRoutes: PackRoutes = {
  async 'packs.list'({ office, actor, query }) {
    const { issue = null, recipient = null, state = null, limit = 100, cursor } = query
    const before = rowBefore(cursor)
    const packs = await listPacks(office, actor, { issue, recipient, state, most: limit + 1, before })
    if (isRefused(packs)) return packs
    const names = await counterpartyNames(office, actor)
    const items = packs.slice(0, limit).map((pack) => rowAnswer(office, names, pack))
    return { items, next: packs.length > limit ? (items.at(-1)?.id ?? null) : null }
  },
  async 'packs.show'({ office, actor, params }) {
    const view = await findPack(office, actor, { pack: Number(params.id) })
    if (isRefused(view)) return view
    const { pack, states, events } = view
    const waiting = await listApprovals(office, actor, { open: true })
    const { saleAmount: each, currency } = pack
    const { letters, exponent } = currencyOf(currency)
    return {
      ...rowAnswer(office, await counterpartyNames(office, actor), pack),
      issueState: pack.issueState,
      states: [...states].map(([state, count]) => ({ state, count })),
      sale:
        each === null
          ? null
          : {
              each: money(each, currency),
              total: money(each * pack.cards, currency),
              askedBy: pack.saleAskedBy,
              approvedBy: pack.saleApprovedBy,
            },
      currency: { letters, exponent },
      events: events.map(({ at, detail, ...event }) => ({
        ...event,
        at: storedTime(at),
        detail: actor.rights.has('issues.edit') ? detail : withoutSerials(detail),
      })),
      steps: STEPS.map((step) => stepAnswer(step, pack.state, pack.recipient.kind)),
      approvals: waiting.filter(({ to }) => to === `/packs/${pack.id}`).map(waitingAnswer),
    }
  },
  async 'packs.scan'({ office, session, body: { text, pack, issue } }) {
    if (session === null) return refused('not_signed_in')
    const of = pack === null ? { issue: issue ?? '' } : { pack: Number(pack) }
    return findScanned(office, session, { text, of })
  },
  async 'packs.serials'(call) {
    const query = queryOfUrl<Query<'cards.list'>>(API['cards.list'].query, call.body.query)
    if (query === null) return refused('bulk_incomplete')
    const criteria = await cardCriteria(call, query)
    return isRefused(criteria) ? criteria : findSerials(call.office, call.actor, criteria)
  },
  async 'packs.plan'({ office, actor, session, body }) {
    const selection = await selectionOf(office, session, body)
    if (isRefused(selection)) return selection
    const plan = await planPack(office, actor, { issue: body.issue, selection })
    return isRefused(plan) ? plan : planAnswer(plan)
  },
  async 'packs.make'({ office, actor, session, body }) {
    const selection = await selectionOf(office, session, body)
    if (isRefused(selection)) return selection
    const { issue, recipient, allowed, reason } = body
    const made = await makePack(office, actor, { issue, selection, recipient, allowed, reason })
    if (isRefused(made)) return made
    return { ...planAnswer(made.plan), pack: made.pack === null ? null : String(made.pack) }
  },
  'packs.dispatch': async ({ office, actor, params, body }) =>
    done(await dispatchPack(office, actor, { pack: Number(params.id), ...body })),
  'packs.activate': async ({ office, actor, params, body }) =>
    done(await activatePack(office, actor, { pack: Number(params.id), ...body })),
  'packs.return': async ({ office, actor, params, body }) =>
    done(await returnPack(office, actor, { pack: Number(params.id), ...body })),
  'packs.kill': async ({ office, actor, params, body }) =>
    done(await killPack(office, actor, { pack: Number(params.id), ...body })),
  async 'packs.receive'({ office, actor, session, params, body }) {
    const selection = await selectionOf(office, session, { serials: '', ...body })
    if (isRefused(selection)) return selection
    const { missingAreLost, skip = false } = body
    const reason = body.reason.trim() === '' ? null : body.reason
    const input = { pack: Number(params.id), scanned: selection, missingAreLost, reason, skip }
    const receipt = await receivePack(office, actor, input)
    if (isRefused(receipt)) return receipt
    const { received, lost, differences } = receipt
    const missing = await showSerials(office, actor, input.pack, differences.missing)
    if (isRefused(missing)) return missing
    const surplus = await showSerials(office, actor, input.pack, differences.surplus)
    if (isRefused(surplus)) return surplus
    return {
      received,
      lost,
      missing: { count: differences.missing.length, cards: [...missing] },
      surplus: { count: differences.surplus.length, cards: [...surplus] },
    }
  },
  async 'packs.sell'({ office, actor, params, body }) {
    const asked = await askPackSale(office, actor, { pack: Number(params.id), ...body })
    return isRefused(asked) ? asked : { approval: `packSale-${params.id}` }
  },
}

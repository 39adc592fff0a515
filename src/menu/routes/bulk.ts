import { previewBulk, runBulk, showBulk, undoBulk, type BulkRow, type Skipped, type Sum } from '../../office/bulks.ts'
import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import { API, type Answer, type Query } from '../api.ts'
import type { Handlers } from '../call.ts'
import { cardCriteria, queryOfUrl } from '../criteria.ts'
import { masked, money } from '../format.ts'

type BulkRoutes = Pick<Handlers, 'bulk.preview' | 'bulk.run' | 'bulk.show' | 'bulk.undo'>

const previewAnswer = (bulk: BulkRow): Answer<'bulk.preview'> => ({
  id: String(bulk.id),
  action: bulk.action,
  cards: bulk.cards,
  money: (JSON.parse(bulk.money) as Sum[]).map(({ value, currency }) => money(value, currency)),
  skipped: (JSON.parse(bulk.skipped) as Skipped[]).map(({ why, cards }) => ({ why: { ...why }, cards })),
  secondPerson: bulk.second,
})

const waits = (result: { readonly waits: number | null } | Refused) =>
  isRefused(result)
    ? result
    : { done: result.waits === null, approval: result.waits === null ? null : `bulk-${result.waits}` }

export const bulkRoutes: BulkRoutes = {
  async 'bulk.preview'(call) {
    const { office, actor, body } = call
    const query = queryOfUrl<Query<'cards.list'>>(API['cards.list'].query, body.query ?? '')
    if (query === null || (body.query === undefined && body.cards === undefined)) return refused('bulk_incomplete')
    const found = await cardCriteria(call, query)
    if (isRefused(found)) return found
    const criteria = body.cards === undefined ? found : { ...found, ids: body.cards.map(Number) }
    const { action, kind = null, until = null } = body
    const bulk = await previewBulk(office, actor, { action, kind, until, criteria })
    return isRefused(bulk) ? bulk : previewAnswer(bulk)
  },
  async 'bulk.run'({ office, actor, params, body }) {
    return waits(await runBulk(office, actor, { id: Number(params.id), ...body }))
  },
  async 'bulk.show'({ office, actor, params, query }) {
    const page = { id: Number(params.id), after: Number(query.cursor ?? 0), limit: query.limit ?? 100 }
    if (!Number.isSafeInteger(page.after)) return refused('wrong_cursor')
    const view = await showBulk(office, actor, page)
    if (isRefused(view)) return view
    const { bulk, done, failed, rows } = view
    return {
      preview: previewAnswer(bulk),
      state: bulk.state === 'undoing' ? 'running' : bulk.state,
      reason: bulk.reason,
      by: bulk.by,
      done,
      failed,
      rows: {
        items: rows.items.map(({ card, firstSix, lastFour, result }) => ({
          card: String(card),
          number: masked(firstSix, lastFour),
          result: result === 'sent' || result === 'undo_sent' ? null : result,
        })),
        next: rows.next,
      },
    }
  },
  async 'bulk.undo'({ office, actor, params, body }) {
    return waits(await undoBulk(office, actor, { id: Number(params.id), ...body }))
  },
}

import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { cancelExport, exportList, listExportFile, showListExport, type ListExport } from '../../office/list-exports.ts'
import { isRefused, refused } from '../../office/refusal.ts'
import { API, type Answer, type Query } from '../api.ts'
import type { Handlers } from '../call.ts'
import { cardCriteria, queryOfUrl, transactionCriteria } from '../criteria.ts'
import { money } from '../format.ts'

type ExportRoutes = Pick<Handlers, 'exports.make' | 'exports.show' | 'exports.cancel' | 'exports.file'>

const exportAnswer = (made: ListExport): Answer<'exports.show'> => ({
  id: String(made.id),
  state: made.state,
  rows: made.rows,
  total: made.total,
  sums: made.sums.map(({ value, currency }) => money(value, currency)),
  sha256: made.sha256,
  fileName: made.fileName,
  file: made.state === 'done' ? `/api/exports/${made.id}/file` : null,
  trouble: made.trouble,
})

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export const exportRoutes: ExportRoutes = {
  async 'exports.make'(call) {
    const { office, actor, body } = call
    const { columns, format } = body
    if (body.list === 'cards') {
      const query = queryOfUrl<Query<'cards.list'>>(API['cards.list'].query, body.query)
      if (query === null) return refused('wrong_cursor')
      const criteria = await cardCriteria(call, query)
      if (isRefused(criteria)) return criteria
      const { order = 'sold', descending = true } = query
      const chosen = body.cards === undefined ? criteria : { ...criteria, ids: body.cards.map(Number) }
      const input = { list: 'cards', criteria: chosen, columns, format, order, descending } as const
      const made = await exportList(office, actor, input)
      return isRefused(made) ? made : { id: String(made.id) }
    }
    const query = queryOfUrl<Query<'transactions.list'>>(API['transactions.list'].query, body.query)
    if (query === null) return refused('wrong_cursor')
    const criteria = await transactionCriteria(call, query)
    if (isRefused(criteria)) return criteria
    const { order = 'time', descending = true } = query
    const input = { list: 'transactions', criteria, columns, format, order, descending } as const
    const made = await exportList(office, actor, input)
    return isRefused(made) ? made : { id: String(made.id) }
  },
  async 'exports.show'({ office, actor, params }) {
    const made = await showListExport(office, actor, Number(params.id))
    return isRefused(made) ? made : exportAnswer(made)
  },
  async 'exports.cancel'({ office, actor, params }) {
    const cancelled = await cancelExport(office, actor, { id: Number(params.id) })
    return isRefused(cancelled) ? cancelled : null
  },
  async 'exports.file'({ office, actor, params, reply }) {
    const file = await listExportFile(office, actor, Number(params.id))
    if (isRefused(file)) return file
    const type = TYPES[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    void reply.type(type).header('content-disposition', `attachment; filename="${file.fileName}"`)
    void reply.send(Readable.from(file.content))
    // A client that disconnects has an incomplete file, and its browser reports it.
    await finished(reply.raw).catch(() => undefined)
    return null
  },
}

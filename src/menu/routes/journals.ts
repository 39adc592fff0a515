import {
  decideJournal,
  journalMapping,
  showJournal,
  storeOf,
  uploadJournal,
  type JournalLine,
  type Mapping,
} from '../../office/journals.ts'
import { MATCHES } from '../../office/journal-matching.ts'
import { isRefused, refused } from '../../office/refusal.ts'
import type { Handlers } from '../call.ts'
import { money, storeNamed, time } from '../format.ts'

type JournalRoutes = Pick<Handlers, 'journals.mapping' | 'journals.upload' | 'journals.show' | 'journals.decide'>

const mappingAnswer = (mapping: Mapping | null): Record<string, string> | null =>
  mapping === null ? null : Object.fromEntries(Object.entries(mapping).filter((entry) => entry[1] !== undefined))

const decision = (happened: boolean) => (happened ? ('happened' as const) : ('didNotHappen' as const))

const lineAnswer = (line: JournalLine, currency: number) => ({
  row: line.row,
  terminal: line.terminal,
  stan: line.stan,
  at: line.said,
  amount: line.amount === null ? null : money(line.amount, currency),
  lastFour: line.lastFour,
  happened: line.happened,
  case: line.case === null ? null : String(line.case),
  match: MATCHES.find((match) => match === line.match) ?? 'none',
  proposal: line.case === null || line.happened === null ? null : decision(line.happened),
  result: line.result,
})

export const journalRoutes: JournalRoutes = {
  async 'journals.mapping'({ office, actor, params }) {
    const mapping = await journalMapping(office, actor, params.store)
    return isRefused(mapping) ? mapping : { mapping: mappingAnswer(mapping) }
  },
  async 'journals.upload'({ office, actor, body }) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(body.content))
      return refused('file_not_read', { file: body.fileName, why: 'base64' })
    const { store, fileName, mapping = null } = body
    const content = Buffer.from(body.content, 'base64')
    const read = await uploadJournal(office, actor, { store, fileName, content, mapping })
    if (isRefused(read)) return read
    return {
      id: read.id === null ? null : String(read.id),
      columns: [...read.columns],
      sample: read.sample.map((row) => [...row]),
      mapping: mappingAnswer(read.mapping),
    }
  },
  async 'journals.show'({ office, actor, params }) {
    const found = await showJournal(office, actor, Number(params.id))
    if (isRefused(found)) return found
    const { id, store, fileName, sha256, by, at } = found.journal
    const { currency } = storeOf(office, store)
    return {
      id: String(id),
      store: storeNamed(office, store),
      fileName,
      sha256,
      by,
      at: time(at),
      rows: found.lines.map((line) => lineAnswer(line, currency)),
    }
  },
  async 'journals.decide'({ office, actor, params, body }) {
    const rows = body.rows.map((row) => ({ row: row.row, happened: row.decision === 'happened' }))
    const result = await decideJournal(office, actor, { id: Number(params.id), rows, reason: body.reason })
    if (isRefused(result)) return result
    const { decided, failed, waits } = result
    return { decided, failed, approval: waits === null ? null : `journal-${waits}` }
  },
}

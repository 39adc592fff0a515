import type { FastifyReply } from 'fastify'
import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import { resultFile, templateFile, wrongRowsFile } from '../../office/welfare/batch-files.ts'
import { type Batch, listBatches, listFindings, showBatch } from '../../office/welfare/batches.ts'
import { correctRows } from '../../office/welfare/correct.ts'
import { employeeLeaves, listEmployees } from '../../office/welfare/employees.ts'
import { listEmployers } from '../../office/welfare/employers.ts'
import { type Finding, FINDINGS, findingText, remedyText } from '../../office/welfare/findings.ts'
import type { ReadAs, Upload } from '../../office/welfare/list-file.ts'
import type { WrittenFile } from '../../office/welfare/list-writer.ts'
import { loadList } from '../../office/welfare/load-list.ts'
import { proposeBatch, withdrawBatch } from '../../office/welfare/propose.ts'
import { listRecalls, proposeRecall, type Recall } from '../../office/welfare/recall.ts'
import { mayDo } from '../../office/rights.ts'
import type { Handlers } from '../call.ts'
import { money, time, timeOrNull } from '../format.ts'

type WelfareRoutes = Pick<Handlers, Extract<keyof Handlers, `welfare.${string}`>>

const batchAnswer = (batch: Batch) => ({
  id: String(batch.id),
  employer: batch.employer,
  state: batch.state,
  fileName: batch.fileName,
  rows: batch.rows,
  amount: money(batch.amount, batch.currency),
  stops: batch.stops,
  preparedBy: batch.preparedBy,
  preparedAt: time(batch.preparedAt),
  proposedBy: batch.proposedBy,
  reason: batch.reason,
  decidedBy: batch.decidedBy,
  decision: batch.decision,
  bookedAt: timeOrNull(batch.bookedAt),
})

const recallAnswer = (recall: Recall) => ({
  id: String(recall.id),
  employer: recall.employer,
  batch: recall.batch === null ? null : String(recall.batch),
  state: recall.state,
  cards: recall.cards,
  unspent: money(recall.unspent, recall.currency),
  taken: money(recall.taken, recall.currency),
  reason: recall.reason,
  proposedBy: recall.proposedBy,
  proposedAt: time(recall.proposedAt),
  decidedBy: recall.decidedBy,
})

const findingAnswer = (finding: Finding) => ({
  row: finding.line,
  column: finding.field,
  value: finding.value,
  code: finding.code,
  weight: FINDINGS[finding.code].weight,
  text: { en: findingText(finding, 'en'), pl: findingText(finding, 'pl') },
  remedy: { en: remedyText(finding, 'en'), pl: remedyText(finding, 'pl') },
})

function uploadOf({ fileName, content }: { fileName: string; content: string }): Upload | Refused {
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(content)) return refused('file_not_read', { file: fileName, why: 'base64' })
  return { name: fileName, content: Buffer.from(content, 'base64') }
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
type Format = keyof typeof TYPES

function send(reply: FastifyReply, format: Format, file: WrittenFile | Refused): Refused | null {
  if (isRefused(file)) return file
  const disposition = `attachment; filename="${file.fileName}"`
  void reply.type(TYPES[format]).header('content-disposition', disposition).send(file.content)
  return null
}

const SHOWN_AT_ONCE = 200
const done = (result: unknown): Refused | null => (isRefused(result) ? result : null)

export const welfareRoutes: WelfareRoutes = {
  async 'welfare.list'({ office, actor, query: { limit = 100 } }) {
    const employers = await listEmployers(office, actor)
    if (isRefused(employers)) return employers
    const batches = await listBatches(office, actor, { most: limit })
    if (isRefused(batches)) return batches
    const recalls = await listRecalls(office, actor, { most: limit })
    if (isRefused(recalls)) return recalls
    return {
      employers: employers.map(({ code, name, yearlyLimit, currency }) => {
        return { code, name, yearlyLimit: money(yearlyLimit, currency) }
      }),
      batches: batches.map(batchAnswer),
      recalls: recalls.map(recallAnswer),
    }
  },
  async 'welfare.employees'({ office, actor, params, query: { after = '', limit = 200 } }) {
    const found = await listEmployees(office, actor, { employer: params.code, after, most: limit })
    if (isRefused(found)) return found
    return {
      items: found.map(({ number, name, state, cardId, card }) => {
        return {
          number,
          name,
          state,
          card: cardId === null || card === null ? null : { id: String(cardId), shown: card },
        }
      }),
    }
  },
  'welfare.leave': async ({ office, actor, params, body }) =>
    done(await employeeLeaves(office, actor, { employer: params.code, number: body.number })),
  async 'welfare.template'({ actor, reply, language, query: { format = 'csv' } }) {
    return mayDo(actor, 'welfare.find') ?? send(reply, format, templateFile({ format, language }))
  },
  async 'welfare.upload'({ office, actor, body }) {
    const file = uploadOf(body)
    if (isRefused(file)) return file
    const batch = await loadList(office, actor, { employer: body.employer, file })
    return isRefused(batch) ? batch : { id: String(batch.id) }
  },
  async 'welfare.show'({ office, actor, params, query: { after = 0 } }) {
    const id = Number(params.id)
    const page = await showBatch(office, actor, id)
    if (isRefused(page)) return page
    const findings = await listFindings(office, actor, { id, after, most: SHOWN_AT_ONCE })
    if (isRefused(findings)) return findings
    const { format, separator, encoding, decimal } = JSON.parse(page.batch.readAs) as ReadAs
    return {
      batch: batchAnswer(page.batch),
      readAs: { format, separator, encoding, decimal },
      found: [...page.found],
      findings: findings.map(findingAnswer),
    }
  },
  'welfare.wrongRows': async ({ office, actor, reply, params, query: { format = 'csv' } }) =>
    send(reply, format, await wrongRowsFile(office, actor, { id: Number(params.id), format })),
  async 'welfare.correct'({ office, actor, params, body }) {
    const file = uploadOf(body)
    return isRefused(file) ? file : done(await correctRows(office, actor, { id: Number(params.id), file }))
  },
  async 'welfare.propose'({ office, actor, params, body }) {
    const batch = await proposeBatch(office, actor, { id: Number(params.id), ...body })
    return isRefused(batch) ? batch : { approval: `welfare-${batch.id}` }
  },
  'welfare.withdraw': async ({ office, actor, params, body }) =>
    done(await withdrawBatch(office, actor, { id: Number(params.id), reason: body.reason })),
  'welfare.result': async ({ office, actor, reply, params, query: { format = 'csv' } }) =>
    send(reply, format, await resultFile(office, actor, { id: Number(params.id), format })),
  async 'welfare.recall'({ office, actor, body }) {
    const batch = body.batch === null ? null : Number(body.batch)
    const recall = await proposeRecall(office, actor, { ...body, batch })
    return isRefused(recall) ? recall : { approval: `recall-${recall.id}` }
  },
}

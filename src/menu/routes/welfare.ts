import type { FastifyReply } from 'fastify'
import { currencyLettered } from '../../core/currency.ts'
import { isRefused, refused, refusalText, type Refused } from '../../office/refusal.ts'
import { checkApart } from '../../office/welfare/apart.ts'
import { inBackground, workOn } from '../../office/welfare/batch-work.ts'
import { resultFile, rowsFile, templateFile, wrongRowsFile } from '../../office/welfare/batch-files.ts'
import { type Batch, listBatches, listFindings, showBatch } from '../../office/welfare/batches.ts'
import { addEmployee, employeeLeaves, linkCard, listEmployees } from '../../office/welfare/employees.ts'
import { importEmployees } from '../../office/welfare/import-employees.ts'
import { listEmployers, makeEmployer, waitingEmployers } from '../../office/welfare/employers.ts'
import { type Finding, FINDINGS, findingText, remedyText, warningName } from '../../office/welfare/findings.ts'
import type { ReadAs, Upload } from '../../office/welfare/list-file.ts'
import type { WrittenFile } from '../../office/welfare/list-writer.ts'
import { linkChangesFile } from '../../office/welfare/link-changes.ts'
import { statementFile } from '../../office/welfare/report.ts'
import { withdrawBatch } from '../../office/welfare/propose.ts'
import { listRecalls, proposeRecall, type Recall } from '../../office/welfare/recall.ts'
import { mayDo } from '../../office/rights.ts'
import type { Handlers } from '../call.ts'
import { money, time, timeOrNull } from '../format.ts'
import { rowBefore } from '../page-cursor.ts'

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

/** The number in a stripe, because only the number names the card here. */
const cardOf = (text: string | null): string | null =>
  text === null ? null : (/^(?:%B|;)(\d{13,19})[\^=]/u.exec(text)?.[1] ?? text)

const SHOWN_AT_ONCE = 200
const done = (result: unknown): Refused | null => (isRefused(result) ? result : null)

export const welfareRoutes: WelfareRoutes = {
  async 'welfare.list'({ office, actor, query: { limit = 100, cursor } }) {
    const employers = await listEmployers(office, actor)
    if (isRefused(employers)) return employers
    const last = rowBefore(cursor)
    const batches = await listBatches(office, actor, { ...(last !== null && { before: last }), most: limit + 1 })
    if (isRefused(batches)) return batches
    const recalls = await listRecalls(office, actor, { most: limit })
    if (isRefused(recalls)) return recalls
    const waiting = await waitingEmployers(office)
    return {
      employers: employers.map(({ code, name, yearlyLimit, currency, legalNote, paidFirst, language, email }) => {
        const waits = waiting.get(code)
        return {
          code,
          name,
          yearlyLimit: money(yearlyLimit, currency),
          legalNote,
          paidFirst,
          language,
          email,
          waiting: waits === undefined ? null : { ...waits, yearlyLimit: money(waits.yearlyLimit, currency) },
        }
      }),
      batches: batches.slice(0, limit).map(batchAnswer),
      next: batches.length > limit ? String(batches[limit - 1]?.id) : null,
      recalls: recalls.map(recallAnswer),
    }
  },
  async 'welfare.makeEmployer'({ office, actor, body: { currency, ...input } }) {
    const known = currencyLettered(currency)
    if (known === null) return refused('no_such_currency', { currency })
    const made = await makeEmployer(office, actor, { ...input, currency: known.number })
    if (isRefused(made)) return made
    return { done: made.waits === null, approval: made.waits === null ? null : `employer-${made.waits}` }
  },
  async 'welfare.importEmployees'({ office, actor, params, body }) {
    const file = uploadOf(body)
    return isRefused(file) ? file : importEmployees(office, actor, { employer: params.code, file })
  },
  async 'welfare.statement'({ office, actor, reply, params, query: { from, to, format = 'csv' } }) {
    return send(reply, format, await statementFile(office, actor, { employer: params.code, from, to, format }))
  },
  async 'welfare.employees'({ office, actor, params, query: { q = '', after = '', limit = 200 } }) {
    const found = await listEmployees(office, actor, { employer: params.code, words: q, after, most: limit })
    if (isRefused(found)) return found
    return {
      items: found.map(({ number, name, email, state, cardId, card }) => {
        return {
          number,
          name,
          email,
          state,
          card: cardId === null || card === null ? null : { id: String(cardId), shown: card },
        }
      }),
    }
  },
  'welfare.addEmployee': async ({ office, actor, params, body: { card, ...input } }) =>
    done(await addEmployee(office, actor, { employer: params.code, ...input, card: cardOf(card) })),
  'welfare.link': async ({ office, actor, params, body: { number, card } }) =>
    done(await linkCard(office, actor, { employer: params.code, number, card: cardOf(card) })),
  'welfare.leave': async ({ office, actor, params, body }) =>
    done(await employeeLeaves(office, actor, { employer: params.code, number: body.number })),
  async 'welfare.template'({ actor, reply, language, query: { format = 'csv' } }) {
    return mayDo(actor, 'welfare.find') ?? send(reply, format, templateFile({ format, language }))
  },
  async 'welfare.upload'({ office, actor, body }) {
    const file = uploadOf(body)
    if (isRefused(file)) return file
    const input = { employer: body.employer, file }
    const batch = await inBackground(office, null, (progress) => checkApart(office, actor, 'load', input, progress))
    return isRefused(batch) ? batch : { id: String('working' in batch ? batch.working : batch.id) }
  },
  async 'welfare.show'({ office, actor, params, query: { after = 0 } }) {
    const id = Number(params.id)
    const page = await showBatch(office, actor, id)
    const work = workOn(office, id)
    // A list that was refused while it was read is deleted; this is the reason.
    if (isRefused(page)) return work?.ended ?? page
    const findings = await listFindings(office, actor, { id, after, most: SHOWN_AT_ONCE })
    if (isRefused(findings)) return findings
    const { format, separator, encoding, decimal, sheet } = JSON.parse(page.batch.readAs) as ReadAs
    return {
      batch: batchAnswer(page.batch),
      working: work === null || work.ended !== null ? null : work.rows,
      staged: page.staged,
      ended: work?.ended == null ? null : { en: refusalText(work.ended, 'en'), pl: refusalText(work.ended, 'pl') },
      readAs: { format, separator, encoding, decimal, sheet },
      found: page.found.map((one) => ({ ...one, name: one.weight === 'warning' ? warningName(one.code) : null })),
      findings: findings.map(findingAnswer),
    }
  },
  'welfare.wrongRows': async ({ office, actor, reply, params, query: { format = 'csv' } }) =>
    send(reply, format, await wrongRowsFile(office, actor, { id: Number(params.id), format })),
  'welfare.rows': async ({ office, actor, reply, params, query: { format = 'csv' } }) =>
    send(reply, format, await rowsFile(office, actor, { id: Number(params.id), format })),
  'welfare.changedCards': async ({ office, actor, reply, params, query: { format = 'csv' } }) =>
    send(reply, format, await linkChangesFile(office, actor, { id: Number(params.id), format })),
  async 'welfare.correct'({ office, actor, params, body }) {
    const file = uploadOf(body)
    if (isRefused(file)) return file
    const id = Number(params.id)
    return done(
      await inBackground(office, id, (progress) => checkApart(office, actor, 'correct', { id, file }, progress)),
    )
  },
  async 'welfare.propose'({ office, actor, params, body }) {
    const id = Number(params.id)
    const batch = await inBackground(office, id, (progress) =>
      checkApart(office, actor, 'propose', { id, ...body }, progress),
    )
    return isRefused(batch) ? batch : { approval: `welfare-${id}`, working: 'working' in batch }
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

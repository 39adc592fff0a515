/** Journals of tills: uploaded, compared with open cases, and decided row by row or all at once. */

import { createHash } from 'node:crypto'
import {
  insertJournal,
  insertJournalLines,
  putMapping,
  selectJournal,
  selectJournalLines,
  selectMapping,
  selectOpenCases,
  setJournalResult,
  toJournal,
  toJournalLine,
  toOpenCase,
  type JournalLine,
  type JournalRow,
} from '../db/sql/journals.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { caseLimit, needsSecond } from './case-limit.ts'
import { caseRow } from './case-page.ts'
import { decideCase } from './cases.ts'
import { matchRows } from './journal-matching.ts'
import { MEANINGS, saidRows, tableOf, type Mapping, type Table } from './journal-reading.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { JournalLine, JournalRow, Mapping }

const MOST_CASES = 20_000
const SAMPLE = 5

export async function journalMapping(office: Office, actor: Actor, store: string): Promise<Mapping | null | Refused> {
  const objection = mayDo(actor, 'cases.decide', store)
  if (objection !== null) return objection
  const [[row] = []] = await office.db.use((connection) => connection.send(selectMapping(store)))
  return row === undefined ? null : (JSON.parse(String(row[0])) as Mapping)
}

export type JournalUpload = {
  readonly store: string
  readonly fileName: string
  readonly content: Uint8Array
  /** Null: only the columns and first rows are asked for. */
  readonly mapping: Readonly<Record<string, string>> | null
}

export type JournalAnswer = {
  readonly id: number | null
  readonly columns: readonly string[]
  readonly sample: readonly (readonly string[])[]
  readonly mapping: Mapping | null
}

/**
 * Reads a till's journal. With a mapping, its rows are matched with the store's open cases and stored, with the file's
 * hash and the uploader. The file itself is not stored, and of a card number only the last digits.
 */
export async function uploadJournal(
  office: Office,
  actor: Actor,
  input: JournalUpload,
): Promise<JournalAnswer | Refused> {
  const objection = mayDo(actor, 'cases.decide', input.store)
  if (objection !== null) return objection
  const store = office.registry().stores.get(input.store)
  if (store === undefined) return refused('no_such_store', { store: input.store })
  const table = await tableOf(input.fileName, input.content)
  if (isRefused(table)) return table
  const known = await journalMapping(office, actor, input.store)
  if (isRefused(known)) return known
  const sample = table.rows
    .slice(0, SAMPLE)
    .map(({ cells }) => table.columns.map((_, at) => withoutNumbers(cells[at] ?? '')))
  if (input.mapping === null) return { id: null, columns: table.columns, sample, mapping: known }
  const mapping = mappingOf(input.mapping, table)
  if (mapping === null) return refused('journal_unmapped')
  const id = await keep(office, actor, input, table, mapping)
  return { id, columns: table.columns, sample, mapping }
}

/** Digits that could be a card's are not sent back. */
const withoutNumbers = (cell: string): string =>
  cell.slice(0, 100).replace(/\d{9,15}(?=\d{4})/gu, (digits) => '•'.repeat(digits.length))

/** Only columns that are there; amount, and one of what tells rows apart. */
function mappingOf(given: Readonly<Record<string, string>>, { columns }: Table): Mapping | null {
  const mapping: Mapping = Object.fromEntries(
    MEANINGS.flatMap((meaning) => {
      const column = given[meaning]
      return column !== undefined && columns.includes(column) ? [[meaning, column]] : []
    }),
  )
  const tells = mapping.stan !== undefined || mapping.lastFour !== undefined || mapping.time !== undefined
  return mapping.amount !== undefined && tells ? mapping : null
}

async function keep(
  office: Office,
  actor: Actor,
  input: JournalUpload,
  table: Table,
  mapping: Mapping,
): Promise<number> {
  const { currency, timeZone } = storeOf(office, input.store)
  const said = saidRows(table, mapping, { currency, timeZone })
  return office.db.transaction(async (connection) => {
    const [cases = []] = await connection.send(selectOpenCases(input.store, MOST_CASES))
    const matches = matchRows(said, cases.map(toOpenCase))
    const lines = said.map((row, at): JournalLine => {
      const { case: found, match } = matches[at] ?? { case: null, match: 'none' }
      return { ...row, case: found?.id ?? null, match, decided: null, result: null }
    })
    const journal: JournalRow = {
      id: office.nextId(),
      store: input.store,
      fileName: input.fileName,
      sha256: createHash('sha256').update(input.content).digest('hex'),
      by: actor.login,
      at: office.clock(),
    }
    await connection.send(`${insertJournal(journal)};${putMapping(input.store, JSON.stringify(mapping))}`)
    await connection.send(insertJournalLines(journal.id, lines))
    const details = { file: input.fileName, sha256: journal.sha256, rows: lines.length }
    const object = { kind: 'journal', id: journal.id }
    await putOnRecord(connection, office, actor, journal.at, {
      action: 'journals.upload',
      object,
      store: input.store,
      details,
    })
    return journal.id
  })
}

export const storeOf = ({ registry, timeZone }: Pick<Office, 'registry' | 'timeZone'>, code: string) => {
  const store = registry().stores.get(code)
  return { currency: store?.currency ?? 985, timeZone: store?.timeZone ?? timeZone }
}

export type JournalView = { readonly journal: JournalRow; readonly lines: readonly JournalLine[] }

export async function showJournal(office: Office, actor: Actor, id: number): Promise<JournalView | Refused> {
  const found = await journalNamed(office, id)
  if (isRefused(found)) return found
  const objection = mayDo(actor, 'cases.decide', found.journal.store)
  return objection !== null && mayDo(actor, 'cases.approve') !== null ? objection : found
}

async function journalNamed(office: Pick<Office, 'db'>, id: number): Promise<JournalView | Refused> {
  const [[row] = [], lines = []] = await office.db.use((connection) =>
    connection.send(`${selectJournal(id)};${selectJournalLines(id)}`),
  )
  if (row === undefined) return refused('no_such_journal', { id })
  return { journal: toJournal(row), lines: lines.map(toJournalLine) }
}

export type RowDecision = { readonly row: number; readonly happened: boolean }
export type JournalResult = { readonly decided: number; readonly failed: number; readonly waits: number | null }

/** Decides many rows in one go; where the limit is passed, by one of them or by all together, a second person sees every row. */
export async function decideJournal(
  office: Office,
  actor: Actor,
  { id, rows, reason }: { readonly id: number; readonly rows: readonly RowDecision[]; readonly reason: string },
): Promise<JournalResult | Refused> {
  const found = await journalNamed(office, id)
  if (isRefused(found)) return found
  const objection = mayDo(actor, 'cases.decide', found.journal.store)
  if (objection !== null) return objection
  const waiting = (await openProposals(office, 'journal')).some(({ subject }) => subject === id)
  if (waiting) return refused('already_proposed', { who: found.journal.by })
  const chosen = new Map(rows.map(({ row, happened }) => [row, happened]))
  const lines = found.lines.filter(({ row, case: of, result }) => {
    return chosen.has(row) && of !== null && (result === null || result === 'proposed')
  })
  if (lines.length === 0) return refused('journal_nothing_to_decide')
  const decided = lines.map((line) => ({ ...line, decided: chosen.get(line.row) ?? false }))
  if (await asksSecond(office, actor, found.journal, decided)) {
    const waits = await proposeRows(office, actor, found.journal, decided, reason)
    return isRefused(waits) ? waits : { decided: 0, failed: 0, waits }
  }
  return { ...(await decideLines(office, actor, id, decided, reason)), waits: null }
}

async function asksSecond(office: Office, actor: Actor, { store }: JournalRow, lines: readonly JournalLine[]) {
  const { currency } = storeOf(office, store)
  let sum = 0
  for (const { case: id } of lines) {
    const row = await caseRow(office, actor, id ?? 0)
    if (isRefused(row)) continue
    sum += row.amount
    if (await needsSecond(office, actor, row)) return true
  }
  return sum > (await caseLimit(office, currency))
}

const proposeRows = (
  office: Office,
  actor: Actor,
  { id: subject, store }: JournalRow,
  lines: readonly JournalLine[],
  reason: string,
): Promise<number | Refused> =>
  inTransaction(office, async (connection) => {
    const rows = lines.length
    const details = { rows }
    const waits = await propose(connection, office, actor, {
      kind: 'journal',
      subject,
      input: { rows },
      reason,
      details,
      store,
    })
    if (isRefused(waits)) return waits
    for (const { row, decided } of lines) await connection.send(setJournalResult(subject, row, decided, 'proposed'))
    return waits
  })

/** Decides them one by one; a refusal does not stop the others. */
async function decideLines(
  office: Office,
  actor: Actor,
  journal: number,
  lines: readonly JournalLine[],
  reason: string,
): Promise<Pick<JournalResult, 'decided' | 'failed'>> {
  let done = 0
  for (const { row, case: id, decided } of lines) {
    const decision = decided === true ? 'confirm' : 'reverse'
    const result = await decideCase(office, actor, { case: id ?? 0, decision, reason })
    const word = isRefused(result) ? result.refused.slice(0, 40) : decided === true ? 'happened' : 'did_not_happen'
    await office.db.use((connection) => connection.send(setJournalResult(journal, row, decided, word)))
    if (!isRefused(result)) done += 1
  }
  return { decided: done, failed: lines.length - done }
}

export type JournalProposal = ProposalRow & JournalView

export async function openJournalProposals(office: Office): Promise<JournalProposal[]> {
  const all: JournalProposal[] = []
  for (const proposal of await openProposals(office, 'journal')) {
    const found = await journalNamed(office, proposal.subject)
    if (!isRefused(found)) all.push({ ...proposal, ...found, lines: found.lines.filter(isProposed) })
  }
  return all
}

const isProposed = ({ result }: JournalLine): boolean => result === 'proposed'

/** If approved, the rows are decided under the approver's name; if refused, they can be proposed again. */
export async function decideJournalProposal(
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> {
  const proposal = await decideProposal(
    office,
    actor,
    { kind: 'journal', ...input },
    async (connection, { subject }) => {
      if (input.approve) return null
      const [lines = []] = await connection.send(selectJournalLines(subject))
      for (const { row } of lines.map(toJournalLine).filter(isProposed))
        await connection.send(setJournalResult(subject, row, null, null))
      return null
    },
  )
  if (isRefused(proposal) || !input.approve) return proposal
  const found = await journalNamed(office, proposal.subject)
  if (isRefused(found)) return found
  await decideLines(office, actor, proposal.subject, found.lines.filter(isProposed), proposal.reason)
  return proposal
}

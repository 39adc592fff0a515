/** Files about a batch: the template, its rows, the faulty ones, the results. */

import {
  selectListRows,
  selectResultRows,
  selectWrongRows,
  toListRow,
  toResultRow,
  toWelfareRow,
  type WelfareRow,
} from '../../db/sql/welfare-rows.ts'
import { selectFindingsBetween } from '../../db/sql/welfare-findings.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { type Batch, batchRow, showBatch } from './batches.ts'
import { employerOf } from './employers.ts'
import { type Finding, findingText, FINDING_CODES, isStop, remedyText } from './findings.ts'
import { LIST_COLUMNS, TEMPLATE_HEADINGS } from './list-columns.ts'
import { type Language, type ListFormat, writeList, type Written, type WrittenFile } from './list-writer.ts'
import { batchStates } from './state-words.ts'
import { toFinding } from './stored-findings.ts'

export type FileOptions = { readonly id: number; readonly format: ListFormat }

/** An empty list: headings and an example row of an employee who does not exist, so that it moves no money if it is left in. */
export function templateFile({ format, language }: { format: ListFormat; language: Language }): WrittenFile {
  const headings = LIST_COLUMNS.map((column) => TEMPLATE_HEADINGS[language][column])
  const example: Record<(typeof LIST_COLUMNS)[number], Written> = {
    employee: language === 'pl' ? 'PRZYKŁAD' : 'EXAMPLE',
    name: 'Jan Kowalski',
    card: '',
    amount: { value: 250_00, currency: 985 },
    fund: language === 'pl' ? 'ZFŚS' : 'social fund',
    already_used: { value: 0, currency: 985 },
    note: language === 'pl' ? 'usuń ten wiersz' : 'take this row out',
    sell: '',
  }
  const name = language === 'pl' ? 'swiadczenia' : 'welfare'
  return writeList(name, format, language, [headings, LIST_COLUMNS.map((column) => example[column])])
}

/** None of these headings may be the name of another column of a list (`columnOf`), because the corrected file is loaded again. */
const WRONG_HEADINGS = { en: ['finding', 'remedy'], pl: ['błąd', 'co zrobić'] } as const
const ROW_HEADING = { en: 'row', pl: 'wiersz' } as const

/** The number of the row in the list, and the list's own columns. */
function rowHeadings(language: Language): string[] {
  return [ROW_HEADING[language], ...LIST_COLUMNS.map((column) => TEMPLATE_HEADINGS[language][column])]
}

/** The rows that stop a batch, unchanged, with their findings: to be corrected and loaded again (`correctRows`). */
export async function wrongRowsFile(
  office: Office,
  actor: Actor,
  { id, format }: FileOptions,
): Promise<WrittenFile | Refused> {
  const page = await showBatch(office, actor, id)
  if (isRefused(page)) return page
  return office.db.use(async (connection) => {
    const language = await languageOf(connection, page.batch)
    const lines: (readonly Written[])[] = [[...rowHeadings(language), ...WRONG_HEADINGS[language]]]
    const stops = FINDING_CODES.filter((code) => isStop({ code }))
    for (let after = 0; ;) {
      const [rows = []] = await connection.send(selectWrongRows(id, stops, after, LOT))
      const wrong = rows.map(toWelfareRow)
      const last = wrong.at(-1)
      if (last === undefined) break
      const findings = await findingsUpTo(connection, id, after + 1, last.line)
      lines.push(...wrong.map((row) => wrongRow(row, findings.get(row.line) ?? [], language)))
      after = last.line
    }
    return writeList(`welfare-${id}-wrong-rows`, format, language, lines)
  })
}

const LOT = 500

async function findingsUpTo(connection: WorkerConnection, id: number, from: number, to: number) {
  const byLine = new Map<number, Finding[]>()
  const [rows = []] = await connection.send(selectFindingsBetween(id, from, to))
  for (const finding of rows.map(toFinding)) {
    byLine.set(finding.line, [...(byLine.get(finding.line) ?? []), finding])
  }
  return byLine
}

function wrongRow(row: WelfareRow, findings: readonly Finding[], language: Language): readonly Written[] {
  const stops = findings.filter(isStop)
  const texts = stops.map((finding) => findingText(finding, language)).join(' ')
  const remedies = [...new Set(stops.map((finding) => remedyText(finding, language)))].join(' ')
  const { line, number, name, cardShown, amountShown, fund, usedShown, note, sell } = row
  return [line, number, name, cardShown, amountShown, fund, usedShown, note, sell ? 'yes' : '', texts, remedies]
}

const languageOf = async (connection: WorkerConnection, { employer }: Batch): Promise<Language> =>
  (await employerOf(connection, employer))?.language ?? 'en'

type Line = readonly Written[]

/** The lines of rows that are read in lots. */
async function linesOf<Row extends { readonly line: number }>(
  read: (after: number) => Promise<readonly Row[]>,
  written: (row: Row) => Line,
): Promise<Line[]> {
  const lines: Line[] = []
  for (let after = 0; ;) {
    const rows = await read(after)
    const last = rows.at(-1)
    if (last === undefined) return lines
    lines.push(...rows.map(written))
    after = last.line
  }
}

/** How a file of a batch is made: its headings, and its lines or why there are none. */
type Maker = {
  readonly headings: Readonly<Record<Language, Line>>
  readonly lines: (connection: WorkerConnection, batch: Batch) => Promise<readonly Line[] | Refused>
}

/** A file with names and cards of employees; who took it is on record. */
const recordedFile =
  (name: 'rows' | 'result', { headings, lines }: Maker) =>
  async (office: Office, actor: Actor, { id, format }: FileOptions): Promise<WrittenFile | Refused> => {
    const no = mayDo(actor, 'welfare.find')
    if (no !== null) return no
    return office.db.use(async (connection) => {
      const batch = await batchRow(connection, id)
      if (isRefused(batch)) return batch
      const made = await lines(connection, batch)
      if (isRefused(made)) return made
      await putOnRecord(connection, office, actor, office.clock(), {
        action: `welfare.${name}`,
        object: { kind: 'welfare', id },
        details: { rows: made.length, format },
      })
      const language = await languageOf(connection, batch)
      return writeList(`welfare-${id}-${name}`, format, language, [headings[language], ...made])
    })
  }

/** All rows of a batch, for who proposes or approves it: who gets how much, on which card. */
export const rowsFile = recordedFile('rows', {
  headings: { en: rowHeadings('en'), pl: rowHeadings('pl') },
  lines: (connection, { id, currency }) =>
    linesOf(
      async (after) => {
        const [rows = []] = await connection.send(selectListRows(id, after, LOT))
        return rows.map(toListRow)
      },
      ({ line, number, name, card, amount, fund, alreadyUsed, note, sell }) => {
        const asked = typeof amount === 'number' ? { value: amount, currency } : amount
        return [line, number, name, card, asked, fund, { value: alreadyUsed, currency }, note, sell ? 'yes' : '']
      },
    ),
})

/** The result of each row of a booked batch: the present balance and the reference of the load. */
export const resultFile = recordedFile('result', {
  headings: {
    en: ['row', 'employee', 'name', 'card', 'amount', 'fund', 'balance', 'reference'],
    pl: ['wiersz', 'nr pracownika', 'imię i nazwisko', 'karta', 'kwota', 'fundusz', 'saldo', 'referencja'],
  },
  async lines(connection, { id, state, stagedId, currency }) {
    if (state !== 'booked' || stagedId === null) {
      return refused('batch_state', { batch: id, state: batchStates([state]), wanted: batchStates(['booked']) })
    }
    return linesOf(
      async (after) => {
        const [rows = []] = await connection.send(selectResultRows(id, stagedId, after, LOT))
        return rows.map(toResultRow)
      },
      ({ line, number, name, card, amount, fund, balance, reference }) => {
        const money = (value: number): Written => ({ value, currency })
        return [line, number, name, card, money(amount), fund, money(balance), reference]
      },
    )
  },
})

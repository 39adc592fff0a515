import { booleanOrNull, fromInstant, instant, integer, integerOrNull, text, textOrNull } from './literal.ts'
import type { Row } from './row.ts'

/** The data of an open case that a till's journal is compared with. */
export type OpenCase = {
  readonly id: number
  readonly terminal: string
  readonly stan: number
  readonly at: number
  readonly amount: number
  readonly lastFour: string | null
}

export const selectOpenCases = (store: string, most: number): string =>
  `SELECT c.id, t.terminal_code, t.stan, t.received_at, COALESCE(NULLIF(t.amount, 0), t.amount_asked, 0), k.last_four
   FROM cases c JOIN transactions t ON t.id = c.transaction_id LEFT JOIN cards k ON k.id = c.card_id
   WHERE c.open_for IS NOT NULL AND COALESCE(t.for_store, t.store_code) = ${text(store)} ORDER BY c.id LIMIT ${integer(most)}`

export function toOpenCase(row: Row): OpenCase {
  const [id, terminal, stan, at, amount, lastFour] = row as [number, string, number, string, number, string | null]
  return { id, terminal, stan, at: fromInstant(at), amount: Number(amount), lastFour }
}

export type JournalRow = {
  readonly id: number
  readonly store: string
  readonly fileName: string
  readonly sha256: string
  readonly by: string
  readonly at: number
}

export const insertJournal = (j: JournalRow): string =>
  `INSERT INTO journals (id, store_code, file_name, sha256, by_login, at) VALUES (${integer(j.id)},${text(j.store)},
   ${text(j.fileName)},${text(j.sha256)},${text(j.by)},${instant(j.at)})`

export const selectJournal = (id: number): string =>
  `SELECT id, store_code, file_name, sha256, by_login, at FROM journals WHERE id = ${integer(id)}`

export function toJournal(row: Row): JournalRow {
  const [id, store, fileName, sha256, by, at] = row as [number, string, string, string, string, string]
  return { id, store, fileName, sha256, by, at: fromInstant(at) }
}

export type JournalLine = {
  readonly row: number
  readonly terminal: string
  readonly stan: number | null
  readonly said: string | null
  readonly amount: number | null
  readonly lastFour: string | null
  readonly happened: boolean | null
  readonly case: number | null
  readonly match: string
  /** The decision made or proposed. */
  readonly decided: boolean | null
  readonly result: string | null
}

export const insertJournalLines = (journal: number, lines: readonly JournalLine[]): string =>
  `INSERT INTO journal_rows (journal_id, line_number, terminal, stan, said_at, amount, last_four, happened, case_id,
   matched) VALUES ${lines
     .map(
       (l) =>
         `(${integer(journal)},${integer(l.row)},${text(l.terminal)},${integerOrNull(l.stan)},${textOrNull(l.said)},
   ${integerOrNull(l.amount)},${textOrNull(l.lastFour)},${booleanOrNull(l.happened)},${integerOrNull(l.case)},${text(l.match)})`,
     )
     .join(',')}`

export const selectJournalLines = (journal: number): string =>
  `SELECT line_number, terminal, stan, said_at, amount, last_four, happened, case_id, matched, decided, result
   FROM journal_rows WHERE journal_id = ${integer(journal)} ORDER BY line_number`

export function toJournalLine(row: Row): JournalLine {
  const [line, terminal, stan, said, amount, lastFour, happened, found, match, decided, result] = row as [
    number, string, number | null, string | null, number | null, string | null, number | null, number | null, string,
    number | null, string | null,
  ] // prettier-ignore
  const yes = (value: number | null): boolean | null => (value === null ? null : value === 1)
  return {
    row: line, terminal, stan, said, amount, lastFour, happened: yes(happened), case: found, match, decided: yes(decided),
    result,
  } // prettier-ignore
}

export const setJournalResult = (
  journal: number,
  row: number,
  decided: boolean | null,
  result: string | null,
): string =>
  `UPDATE journal_rows SET decided = ${booleanOrNull(decided)}, result = ${textOrNull(result)}
   WHERE journal_id = ${integer(journal)} AND line_number = ${integer(row)}`

export const selectMapping = (store: string): string =>
  `SELECT mapping FROM journal_mappings WHERE store_code = ${text(store)}`
export const putMapping = (store: string, mapping: string): string =>
  `INSERT INTO journal_mappings (store_code, mapping) VALUES (${text(store)},${text(mapping)})
   ON DUPLICATE KEY UPDATE mapping = ${text(mapping)}`

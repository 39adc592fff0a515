import type { FastifyReply } from 'fastify'
import { currencyLettered } from '../core/currency.ts'
import type { CsvPreset } from '../office/reports/csv.ts'
import type { Format } from '../office/reports/files.ts'
import { fileApart } from '../office/reports/files-apart.ts'
import { isRefused, type Refused } from '../office/refusal.ts'
import { meaningOf } from '../office/reports/meanings.ts'
import type { Report, ReportRow } from '../office/reports/report.ts'
import type { Language } from './call.ts'

/** A report's figures as answers write them: rows in the order of the columns. */
export function figuresOf({ report, columns, rows, subtotals = [], totals, matrix = [] }: Report) {
  const line = (row: ReportRow) => columns.map(({ name }) => row[name] ?? null)
  const currencies = new Set([...rows, ...totals, ...matrix].map((row) => ('currency' in row ? row['currency'] : null)))
  return {
    columns: columns.map(({ name, kind, title }) => {
      const meaning = meaningOf(report, name)
      return { name, kind, title: { ...title }, meaning: meaning === null ? null : { ...meaning } }
    }),
    rows: rows.map(line),
    subtotals: subtotals.map(line),
    totals: totals.map(line),
    matrix: matrix.map((cell) => ({ ...cell })),
    exponents: [...currencies].flatMap((currency) =>
      typeof currency === 'string' ? [{ currency, exponent: currencyLettered(currency)?.exponent ?? 2 }] : [],
    ),
  }
}

type Input = {
  readonly format?: Format
  readonly preset?: CsvPreset
  readonly language: Language
  readonly by: string
}

/** Sends a report as a download, named after the report and its last day. */
export async function sendFile(
  reply: FastifyReply,
  report: Report,
  { format = 'json', preset = 'en', language, by }: Input,
): Promise<Refused | null> {
  const file = await fileApart(report, { format, preset, language, by })
  if (isRefused(file)) return file
  const day = report.filter.to ?? report.filter.asOf ?? report.exactAsOf.at.slice(0, 10)
  sendContent(reply, file.content, file.type, `akart-${report.report}-${day}.${file.extension}`)
  return null
}

export function sendContent(reply: FastifyReply, content: Buffer, type: string, name: string): void {
  void reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(content)
}

import { currencyLettered } from '../../core/currency.ts'
import { fileOf } from '../../office/reports/files.ts'
import type { Report, ReportRow } from '../../office/reports/report.ts'
import { isReportName, listReports, REPORTS, runReport, type ReportWish } from '../../office/reports/reports.ts'
import { isRefused } from '../../office/refusal.ts'
import type { Answer, Query } from '../api.ts'
import type { Handlers } from '../call.ts'

type ReportRoutes = Pick<Handlers, 'reports.list' | 'reports.show' | 'reports.file'>

const list = (text: string | undefined): readonly string[] | null => (text === undefined ? null : text.split(','))

const wishOf = (query: Omit<Query<'reports.show'>, never>): ReportWish => ({
  from: query.from ?? null,
  to: query.to ?? null,
  asOf: query.asOf ?? null,
  stores: list(query.store),
  issues: list(query.issue),
  byOriginalDay: query.byOriginalDay ?? false,
  ageBy: query.age ?? 'sale',
})

function reportAnswer(made: Report): Answer<'reports.show'> | null {
  const { report, definition, exactAsOf, filter, columns, rows, totals, matrix, notes } = made
  if (!isReportName(report)) return null
  const { title, about, time, chart } = REPORTS[report]
  const line = (row: ReportRow) => columns.map(({ name }) => row[name] ?? null)
  const currencies = new Set(
    [...rows, ...(matrix ?? [])].flatMap((row) => ('currency' in row ? [row['currency']] : [])),
  )
  return {
    report,
    title: { ...title },
    about: { ...about },
    definition,
    time,
    exactAsOf: { ...exactAsOf },
    filter: { from: filter.from, to: filter.to, asOf: filter.asOf },
    columns: columns.map((column) => ({ ...column, title: { ...column.title } })),
    rows: rows.map(line),
    totals: totals.map(line),
    matrix: (matrix ?? []).map((cell) => ({ ...cell })),
    notes: notes.map((note) => ({ ...note })),
    chart: chart === null ? null : { ...chart },
    exponents: [...currencies].flatMap((currency) =>
      typeof currency === 'string' ? [{ currency, exponent: currencyLettered(currency)?.exponent ?? 2 }] : [],
    ),
  }
}

export const reportRoutes: ReportRoutes = {
  'reports.list'({ actor }) {
    const found = listReports(actor)
    return Promise.resolve(
      isRefused(found)
        ? found
        : { items: found.map(({ report, title, about }) => ({ report, title: { ...title }, about: { ...about } })) },
    )
  },
  async 'reports.show'({ office, actor, params, query }) {
    const made = await runReport(office, actor, params.report, wishOf(query))
    if (isRefused(made)) return made
    const answer = reportAnswer(made)
    if (answer === null) throw new Error(`report ${made.report} is in no table`)
    return answer
  },
  async 'reports.file'({ office, actor, params, query, reply, language }) {
    const made = await runReport(office, actor, params.report, wishOf(query))
    if (isRefused(made)) return made
    const { format = 'json', preset = 'en' } = query
    const file = await fileOf(made, { format, preset, language, by: actor.login })
    const day = made.filter.to ?? made.filter.asOf ?? made.exactAsOf.at.slice(0, 10)
    const name = `akart-${made.report}-${day}.${file.extension}`
    void reply.type(file.type).header('content-disposition', `attachment; filename="${name}"`).send(file.content)
    return null
  },
}

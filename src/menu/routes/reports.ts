import type { Report } from '../../office/reports/report.ts'
import { tooLong } from '../../office/reports/files-apart.ts'
import { isReportName, listReports, REPORTS, runReport, type ReportSelection } from '../../office/reports/reports.ts'
import { isRefused } from '../../office/refusal.ts'
import type { Answer, Query } from '../api.ts'
import type { Handlers } from '../call.ts'
import { figuresOf, sendFile } from '../figures.ts'
import { barsOf } from '../report-bars.ts'

type ReportRoutes = Pick<Handlers, 'reports.list' | 'reports.show' | 'reports.file'>

const list = (text: string | undefined): readonly string[] | null => (text === undefined ? null : text.split(','))

const inputOf = (query: Omit<Query<'reports.show'>, never>): ReportSelection => ({
  from: query.from ?? null,
  to: query.to ?? null,
  asOf: query.asOf ?? null,
  stores: list(query.store),
  issues: list(query.issue),
  byOriginalDay: query.byOriginalDay ?? false,
  gross: query.gross ?? false,
  ageBy: query.age ?? 'sale',
})

/** The maximum of rows on a page; files have all rows. */
const MOST_SHOWN = 1_000

function reportAnswer(made: Report): Answer<'reports.show'> | null {
  const { report, definition, exactAsOf, filter, notes } = made
  if (!isReportName(report)) return null
  const { title, about, time, filters, chart } = REPORTS[report]
  return {
    report,
    title: { ...title },
    about: { ...about },
    definition,
    time,
    filters: [...filters],
    exactAsOf: { ...exactAsOf },
    filter: { from: filter.from, to: filter.to, asOf: filter.asOf },
    ...figuresOf({ ...made, rows: made.rows.slice(0, MOST_SHOWN) }),
    rowsInAll: made.rows.length,
    hasPaper: tooLong(made, { format: 'pdf' }) === null,
    notes: notes.map((note) => ({ ...note })),
    chart: chart === null ? null : { ...chart },
    bars: chart === null ? [] : barsOf(made.rows, chart),
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
    const made = await runReport(office, actor, params.report, inputOf(query))
    if (isRefused(made)) return made
    const answer = reportAnswer(made)
    if (answer === null) throw new Error(`report ${made.report} is in no table`)
    return answer
  },
  async 'reports.file'({ office, actor, params, query, reply, language }) {
    const made = await runReport(office, actor, params.report, inputOf(query))
    if (isRefused(made)) return made
    return sendFile(reply, made, { ...query, language, by: actor.login })
  },
}

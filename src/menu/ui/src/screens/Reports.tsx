import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { reportsQuery } from '../api/queries.ts'
import { PageHead } from '../components/PageHead.tsx'
import { Problem } from '../components/Problem.tsx'
import { TableSkeleton } from '../components/States.tsx'
import { useLocalized, useText } from '../i18n/useText.ts'
import { useListKeys } from '../keyboard/useListKeys.ts'
import { useMay } from '../api/session.ts'
import classes from './Reports.module.css'
import { Schedules } from './reports/Schedules.tsx'
import { useNavigate } from '@tanstack/react-router'

/** All reports that this person may see, with descriptions. */
export function Reports() {
  const t = useText()
  const localized = useLocalized()
  const navigate = useNavigate()
  const may = useMay()
  const list = useQuery(reportsQuery)
  const items = list.data?.items ?? []
  const cursor = useListKeys(items.length, {
    open: (index) => {
      const item = items[index]
      if (item !== undefined) void navigate({ to: `/reports/${item.report}` })
    },
    select: () => undefined,
  })
  return (
    <>
      <PageHead title={t('page.reports')} facts={t('reports.lead')} />
      {list.error !== null && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.error === null && list.data === undefined && <TableSkeleton />}
      <ul className={classes.index}>
        {items.map(({ report, title, about }, index) => (
          <li key={report} data-cursor={index === cursor || undefined}>
            <Link to="/reports/$report" params={{ report }} className={classes.entry}>
              <span className={classes.name}>{localized(title)}</span>
              <span className={classes.about}>{localized(about)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {may('reports.schedule') && <Schedules />}
    </>
  )
}

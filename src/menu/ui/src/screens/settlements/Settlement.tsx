import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { accountsQuery, settlementQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'
import { FiguresTable } from '../reports/FiguresTable.tsx'
import { Files } from '../reports/Files.tsx'
import { MatrixTable } from '../reports/MatrixTable.tsx'
import { Meanings } from '../reports/Meanings.tsx'
import classes from '../screens.module.css'
import { LateTransactions } from './LateTransactions.tsx'
import { SettlementState } from './Settlements.tsx'

/** One settlement: its lines, corrections of others by name, the matrix, notes for stores, bookings. */
export function Settlement() {
  const { id } = useParams({ strict: false }) as { id: string }
  const t = useText()
  const localized = useLocalized()
  const may = useMay()
  const format = useFormat()
  const { settlement, title, exactAsOf, digest, matrix, late, isAllNamed, ...figures } = useSuspenseQuery(
    settlementQuery(id),
  ).data
  const accounts = useQuery({ ...accountsQuery, enabled: may('settlement.close') }).data?.items ?? []
  const mayBook = accounts.length > 0 && accounts.every(({ value }) => value !== '')
  const { from, to, proposedBy, closedBy, state, stores } = settlement
  const people =
    closedBy === null
      ? `${t('settlements.proposedBy')}: ${proposedBy}`
      : `${t('settlements.proposedBy')}: ${proposedBy} · ${t('settlements.closedBy')}: ${closedBy}`
  const exact = t('reports.exact', {
    time: `${format.day(exactAsOf.at)}, ${format.seconds(exactAsOf.at)}`,
    rows: format.count(exactAsOf.rows),
  })
  return (
    <>
      <PageHead
        parent={{ to: '/settlements', label: t('page.settlements') }}
        title={localized(title)}
        status={<SettlementState state={state} />}
        facts={`${format.date(from)} – ${format.date(to)} · ${people}`}
        actions={
          <>
            {state === 'closed' && <Notes id={id} stores={stores} />}
            {state === 'closed' && mayBook && (
              <Files path={`/api/settlements/${id}/file`} query="what=ledger" name={t('settlements.ledger')} />
            )}
            <Files path={`/api/settlements/${id}/file`} />
          </>
        }
      />
      <div className={classes.stack}>
        <Panel title={t('settlements.lines')} flush>
          <FiguresTable label={t('settlements.lines')} data={figures} />
        </Panel>
        {matrix.length > 0 && <MatrixTable matrix={matrix} exponents={figures.exponents} />}
        {(late.length > 0 || !isAllNamed) && <LateTransactions late={late} isAllNamed={isAllNamed} />}
        <Meanings columns={figures.columns} />
        <p className={classes.small}>
          {exact}. {t('settlements.digest', { digest: digest.slice(0, 16) })}.
        </p>
      </div>
    </>
  )
}

function Notes({ id, stores }: { id: string; stores: readonly string[] }) {
  const t = useText()
  const path = `/api/settlements/${id}/notes`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconDownload size={15} stroke={1.6} />}>{t('settlements.notes')}</Button>
      </Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflowY: 'auto' }}>
        <Menu.Item component="a" href={path} download>
          {t('settlements.allNotes')}
        </Menu.Item>
        {stores.map((store) => (
          <Menu.Item key={store} component="a" href={`${path}?store=${store}`} download>
            {store}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

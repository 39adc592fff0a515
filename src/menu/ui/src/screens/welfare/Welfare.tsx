import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { welfareQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { ListUpload } from '../../components/ListUpload.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { When } from '../../components/When.tsx'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { PageFoot } from '../../lists/ListTools.tsx'
import { pick, useListSearch } from '../../lists/useListSearch.ts'
import { BatchState } from './batch-state.tsx'
import { EmployerDialog } from './EmployerDialogs.tsx'

type Page = Answer<'welfare.list'>
type Batch = Page['batches'][number]
type Recall = Page['recalls'][number]

const REFRESH_MS = 1_000

/** Employers' lists, latest first, and recalls. */
export function Welfare() {
  const t = useText()
  const may = useMay()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { search } = useListSearch()
  const query = welfareQuery(pick(search, ['limit', 'cursor']))
  const { employers, batches, recalls, next } = useSuspenseQuery(query).data
  const isBooking = [...batches, ...recalls].some(({ state }) => state === 'approved')
  useQuery({ ...query, refetchInterval: isBooking && REFRESH_MS })
  const [uploading, setUploading] = useState(false)
  const [adding, setAdding] = useState(false)
  const columns = useBatchColumns()
  const mayCheck = may('welfare.prepare') && employers.length > 0
  return (
    <>
      <PageHead
        title={t('page.welfare')}
        facts={t('welfare.lead')}
        actions={<Acts mayCheck={mayCheck} onAdd={() => setAdding(true)} onCheck={() => setUploading(true)} />}
      />
      <div className={classes.stack}>
        <Panel flush>
          {batches.length === 0 ? (
            <NoBatches hasEmployers={employers.length > 0} />
          ) : (
            <DataTable
              label={t('welfare.batches')}
              rows={batches}
              rowKey={({ id }) => id}
              columns={columns}
              onOpen={({ id }) => void navigate({ to: '/welfare/$id', params: { id } })}
            />
          )}
          {(next !== null || search['cursor'] !== undefined || search['limit'] !== undefined) && (
            <PageFoot page={{ items: batches, next }} usual="100" />
          )}
        </Panel>
        <Recalls recalls={recalls} />
        <Employers employers={employers} />
      </div>
      {adding && <EmployerDialog employer={null} onClose={() => setAdding(false)} />}
      {uploading && (
        <ListUpload
          title={t('welfare.check')}
          act={t('welfare.check')}
          employers={employers}
          onClose={() => setUploading(false)}
          onSend={async (file, employer) => {
            const { id } = await call('welfare.upload', { body: { employer, ...file } })
            void client.invalidateQueries({ queryKey: ['welfare'] })
            await navigate({ to: '/welfare/$id', params: { id } })
          }}
        />
      )}
    </>
  )
}

function Acts({ mayCheck, onAdd, onCheck }: { mayCheck: boolean; onAdd: () => void; onCheck: () => void }) {
  const t = useText()
  const may = useMay()
  return (
    <>
      <Button
        component="a"
        href="/api/welfare/template?format=xlsx"
        download
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t('welfare.template')}
      </Button>
      {may('welfare.prepare') && may('counterparties.find') && (
        <Button className={classes.asks ?? ''} onClick={onAdd}>
          {t('welfare.addEmployer')}
        </Button>
      )}
      {mayCheck && (
        <Button variant="filled" className={classes.asks ?? ''} onClick={onCheck}>
          {t('welfare.check')}
        </Button>
      )}
    </>
  )
}

function useBatchColumns(): readonly Column<Batch>[] {
  const t = useText()
  return [
    {
      id: 'id',
      head: t('welfare.number'),
      cell: ({ id }) => (
        <Link to="/welfare/$id" params={{ id }}>
          {id}
        </Link>
      ),
    },
    { id: 'employer', head: t('welfare.employer'), cell: ({ employer }) => employer },
    { id: 'file', head: t('welfare.file'), grow: true, cell: ({ fileName }) => fileName },
    { id: 'rows', head: t('welfare.rows'), numeric: true, cell: ({ rows }) => rows },
    {
      id: 'amount',
      head: t('col.amount'),
      numeric: true,
      cell: ({ amount }) => <Amount money={amount} withCurrency />,
    },
    { id: 'state', head: t('field.state'), cell: (batch) => <BatchState {...batch} /> },
    { id: 'by', head: t('welfare.by'), wideOnly: true, cell: ({ preparedBy }) => preparedBy },
    { id: 'at', head: t('col.time'), wideOnly: true, cell: ({ preparedAt }) => <When at={preparedAt} /> },
  ]
}

function NoBatches({ hasEmployers }: { hasEmployers: boolean }) {
  const t = useText()
  return (
    <div className={classes.padded}>
      <Notice title={t(hasEmployers ? 'welfare.noBatches' : 'welfare.noEmployers')}>
        {t(hasEmployers ? 'welfare.noBatchesText' : 'welfare.noEmployersText')}
      </Notice>
    </div>
  )
}

function Employers({ employers }: { employers: Page['employers'] }) {
  const t = useText()
  const navigate = useNavigate()
  if (employers.length === 0) return null
  return (
    <Panel title={t('welfare.employers')} flush>
      <DataTable
        label={t('welfare.employers')}
        rows={employers}
        rowKey={({ code }) => code}
        onOpen={({ code }) => void navigate({ to: '/welfare/employers/$code', params: { code } })}
        columns={[
          {
            id: 'code',
            head: t('welfare.employer'),
            cell: ({ code }) => (
              <Link to="/welfare/employers/$code" params={{ code }}>
                {code}
              </Link>
            ),
          },
          { id: 'name', head: t('field.name'), grow: true, cell: ({ name }) => name },
          {
            id: 'limit',
            head: t('welfare.yearlyLimit'),
            numeric: true,
            cell: ({ yearlyLimit }) => <Amount money={yearlyLimit} withCurrency />,
          },
          {
            id: 'waiting',
            head: '',
            cell: ({ waiting }) => waiting !== null && <Status tone="wait">{t('welfare.settingsWait')}</Status>,
          },
        ]}
      />
    </Panel>
  )
}

function Recalls({ recalls }: { recalls: readonly Recall[] }) {
  const t = useText()
  if (recalls.length === 0) return null
  return (
    <Panel title={t('welfare.recalls')} flush>
      <DataTable
        label={t('welfare.recalls')}
        rows={recalls}
        rowKey={({ id }) => id}
        columns={[
          { id: 'id', head: t('welfare.recallNumber'), cell: ({ id }) => id },
          { id: 'employer', head: t('welfare.employer'), cell: ({ employer }) => employer },
          { id: 'reason', head: t('field.reason'), grow: true, wraps: true, cell: ({ reason }) => reason },
          {
            id: 'unspent',
            head: t('welfare.unspent'),
            numeric: true,
            cell: ({ unspent }) => <Amount money={unspent} />,
          },
          { id: 'taken', head: t('welfare.taken'), numeric: true, cell: ({ taken }) => <Amount money={taken} /> },
          {
            id: 'state',
            head: t('field.state'),
            cell: ({ state }) => (
              <Status tone={state === 'booked' ? 'good' : state === 'refused' ? 'bad' : 'wait'}>
                {t(`recall.${state}`)}
              </Status>
            ),
          },
        ]}
      />
    </Panel>
  )
}

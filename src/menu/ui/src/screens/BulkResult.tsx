import { Button, Progress } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { announce } from '../components/announcements.ts'
import { CardNumber } from '../components/CardNumber.tsx'
import { DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { ReasonDialog } from '../components/ReasonDialog.tsx'
import { TableSkeleton } from '../components/States.tsx'
import { Status, type Tone } from '../components/Status.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useText, useWord } from '../i18n/useText.ts'
import classes from './screens.module.css'

type Record = Answer<'bulk.show'>

const TONES: { readonly [State in Record['state']]: Tone } = {
  previewed: 'plain',
  proposed: 'wait',
  running: 'wait',
  done: 'good',
  undone: 'plain',
  refused: 'bad',
}
const ROWS_AT_ONCE = 200
/** States that change without this person: the action runs, or waits for a second person. */
const LOOK_EVERY_MS: { readonly [State in Record['state']]?: number } = { running: 500, proposed: 2_000 }
/** The right that is needed to undo each action. */
const OPPOSITES = { block: 'cards.unblock', unblock: 'cards.block', extend: 'cards.extend' } as const satisfies {
  readonly [Action in Record['preview']['action']]: string
}

/** The action and the first of its results; further ones when they are asked for. */
const useBulk = (id: string) =>
  useInfiniteQuery({
    queryKey: ['bulk', id],
    queryFn: ({ signal, pageParam }) =>
      call('bulk.show', {
        params: { id },
        query: { limit: ROWS_AT_ONCE, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ rows }) => rows.next,
    refetchInterval: (query) => LOOK_EVERY_MS[query.state.data?.pages[0]?.state ?? 'done'] ?? false,
  })

/** The results of a bulk action by card, and the step that undoes it. */
export function BulkResult() {
  const t = useText()
  const format = useFormat()
  const { id = '' } = useParams({ strict: false })
  const [undoing, setUndoing] = useState(false)
  const may = useMay()
  const bulk = useBulk(id)
  const [first] = bulk.data?.pages ?? []
  if (bulk.error !== null && first === undefined)
    return <Problem error={bulk.error} onRetry={() => void bulk.refetch()} />
  if (first === undefined) return <TableSkeleton />
  const { preview, state, reason, by, done, failed } = first
  return (
    <>
      <PageHead
        parent={{ to: '/cards', label: t('page.cards') }}
        title={t(`bulk.title.${preview.action}`, { n: preview.cards })}
        status={<Status tone={TONES[state]}>{t(`bulk.state.${state}`)}</Status>}
        facts={
          <>
            <span>{by}</span>
            {reason !== null && <span>{t('card.quote', { text: reason })}</span>}
            <span>{t('bulk.result', { done: format.count(done), failed: format.count(failed) })}</span>
          </>
        }
        actions={
          state === 'done' &&
          may('cards.bulk') &&
          may(OPPOSITES[preview.action]) && (
            <Button
              className={classes.asks ?? ''}
              leftSection={<IconArrowBackUp size={15} stroke={1.6} />}
              onClick={() => setUndoing(true)}
            >
              {t('bulk.undo')}
            </Button>
          )
        }
      />
      {state === 'running' && (
        <Progress
          value={preview.cards === 0 ? 0 : ((done + failed) / preview.cards) * 100}
          aria-label={t('jobs.progress')}
          mb="md"
        />
      )}
      <Results bulk={bulk} all={preview.cards} />
      {undoing && <UndoDialog id={id} onClose={() => setUndoing(false)} />}
    </>
  )
}

function Results({ bulk, all }: { bulk: ReturnType<typeof useBulk>; all: number }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const rows = bulk.data?.pages.flatMap((page) => page.rows.items) ?? []
  return (
    <Panel flush>
      <DataTable
        label={t('bulk.results')}
        rows={rows}
        rowKey={({ card }) => card}
        columns={[
          {
            id: 'card',
            head: t('col.card'),
            cell: ({ card, number }) => (
              <Link to="/cards/$id" params={{ id: card }}>
                <CardNumber number={number} />
              </Link>
            ),
          },
          {
            id: 'result',
            head: t('journal.result'),
            grow: true,
            wraps: true,
            cell: ({ result }) => (result === null ? t('bulk.notYet') : word('bulkResult', result)),
          },
        ]}
      />
      {bulk.hasNextPage && (
        <div className={classes.padded}>
          <div className={classes.row}>
            <Button loading={bulk.isFetchingNextPage} onClick={() => void bulk.fetchNextPage()}>
              {t('bulk.more')}
            </Button>
            <span>{t('bulk.shown', { shown: format.count(rows.length), all: format.count(all) })}</span>
          </div>
        </div>
      )}
    </Panel>
  )
}

function UndoDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  return (
    <ReasonDialog
      title={t('bulk.undo')}
      lead={t('bulk.undoLead')}
      act={t('bulk.undo')}
      run={async (reason) => {
        const { approval } = await call('bulk.undo', { params: { id }, body: { reason } })
        await client.invalidateQueries({ queryKey: ['bulk', id] })
        if (approval !== null) announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
      }}
      onClose={onClose}
    />
  )
}

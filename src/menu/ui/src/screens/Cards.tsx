import { Button, Tooltip } from '@mantine/core'
import { CancelledError, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Answer } from '../api/call.ts'
import { cardsCountQuery, cardsQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { Amount } from '../components/Amount.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import { CardState } from '../components/CardState.tsx'
import type { Column } from '../components/DataTable.tsx'
import { SelectionBar } from '../components/SelectionBar.tsx'
import { Notice } from '../components/States.tsx'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { CARD_CRITERIA } from '../lists/card-criteria.ts'
import { type ListKind, ListScreen } from '../lists/ListScreen.tsx'
import { onlyCurrency, totals } from '../lists/totals.ts'
import { pick, queryText, useListSearch } from '../lists/useListSearch.ts'
import { useSelection } from '../lists/useSelection.ts'
import { isFound, useSlowGate } from '../lists/useSlowGate.ts'
import type { BulkAction } from './Bulk.tsx'
import classes from './screens.module.css'

const Bulk = lazy(() => import('./Bulk.tsx').then((module) => ({ default: module.Bulk })))

const ExportDialog = lazy(() =>
  import('../lists/ExportDialog.tsx').then((module) => ({ default: module.ExportDialog })),
)

type Row = Answer<'cards.list'>['items'][number]

const KEYS = CARD_CRITERIA.map(({ key }) => key)
const ACTIONS: readonly BulkAction[] = ['block', 'unblock', 'extend']

export function Cards() {
  const t = useText()
  const format = useFormat()
  const client = useQueryClient()
  const may = useMay()
  const { search } = useListSearch()
  const filter = pick(search, KEYS)
  const query = cardsQuery(pick(search, [...KEYS, 'order', 'descending', 'limit', 'cursor']))
  const gate = useSlowGate(filter, useQuery(cardsCountQuery(filter)))
  const page = useQuery({ ...query, enabled: gate.open })
  const isStopped = page.error instanceof CancelledError && page.data !== undefined
  const rows = page.data?.items ?? []
  const { keys, all, takeAll, clear, ...selection } = useSelection(rows.map(({ id }) => id))
  const [bulk, setBulk] = useState<BulkAction | null>(null)
  const chosen = rows.filter(({ id }) => keys.has(id))
  const sums = totals(chosen.map(({ available }) => available))
  return (
    <>
      <ListScreen
        kind={useKind(rows)}
        page={isStopped ? { ...page, error: null } : page}
        counted={gate.counted}
        held={gate.held && !isFound(page)}
        onRun={gate.onRun}
        onCancel={() => {
          gate.onStop()
          // Results so far stay visible.
          void client.cancelQueries({ queryKey: query.queryKey }, { revert: false })
        }}
        selection={may('cards.bulk', 'packs.make') ? { keys, ...selection } : undefined}
        selectionBar={
          keys.size > 0 && (
            <SelectionBar
              count={keys.size}
              sum={all ? '' : sums.map((sum) => format.money(sum)).join(', ')}
              all={all}
              onAll={takeAll}
              onClear={clear}
            >
              {may('packs.make') && (all ? <MakePackOfAll query={queryText(filter)} /> : <MakePack chosen={chosen} />)}
              {(may('cards.bulk') ? ACTIONS : []).map((action) => (
                <Button key={action} size="compact-sm" className={classes.asks ?? ''} onClick={() => setBulk(action)}>
                  {t(`card.${action}`)}
                </Button>
              ))}
              <ExportChosen cards={all ? undefined : [...keys]} />
            </SelectionBar>
          )
        }
      />
      <Suspense>
        {bulk !== null && (
          <Bulk
            action={bulk}
            what={all ? { query: queryText(filter) } : { cards: [...keys] }}
            onClose={() => setBulk(null)}
            onDone={() => {
              setBulk(null)
              clear()
            }}
          />
        )}
      </Suspense>
    </>
  )
}

/** Makes a pack of the selected rows, which must be of one issue. Faults are shown before it is saved. */
function MakePack({ chosen }: { chosen: readonly Row[] }) {
  const t = useText()
  const [first] = chosen
  const serials = chosen.flatMap(({ serial }) => serial ?? [])
  const isPossible =
    first !== undefined && serials.length > 0 && chosen.every(({ issue }) => issue.code === first.issue.code)
  if (!isPossible) {
    return (
      <Tooltip label={t('pack.oneIssue')} events={{ hover: true, focus: true, touch: true }}>
        <Button size="compact-sm" data-disabled aria-disabled aria-description={t('pack.oneIssue')}>
          {t('pack.make')}
        </Button>
      </Tooltip>
    )
  }
  const search = { issue: first.issue.code, make: 'yes', serials: serials.toSorted((a, b) => a - b).join(',') }
  return (
    <Button
      size="compact-sm"
      className={classes.asks ?? ''}
      renderRoot={(props) => <Link {...props} to="/packs" search={search} />}
    >
      {t('pack.make')}
    </Button>
  )
}

/** Makes a pack of all matching cards; the dialog fetches the cards and their issue. */
function MakePackOfAll({ query }: { query: string }) {
  const t = useText()
  return (
    <Button
      size="compact-sm"
      className={classes.asks ?? ''}
      renderRoot={(props) => <Link {...props} to="/packs" search={{ make: 'yes', cards: query }} />}
    >
      {t('pack.make')}
    </Button>
  )
}

/** The actions for the ticked rows, or for all matching ones. */
function ExportChosen({ cards }: { cards: readonly string[] | undefined }) {
  const t = useText()
  const { search } = useListSearch()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpen(true)}>
        {t('act.export')}
      </Button>
      <Suspense>
        {open && (
          <ExportDialog
            list="cards"
            query={queryText(pick(search, [...KEYS, 'order', 'descending']))}
            columns={search.columns?.split(',') ?? []}
            cards={cards}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  )
}

function useKind(rows: readonly Row[]): ListKind<Row> {
  const t = useText()
  return {
    list: 'cards',
    title: t('page.cards'),
    criteria: CARD_CRITERIA,
    columns: useColumns(rows),
    shown: ['card', 'issue', 'state', 'balance', 'available', 'sold', 'used'],
    order: 'sold',
    rowKey: ({ id }) => id,
    rowTo: ({ id }) => `/cards/${id}`,
    countText: (count, n) => t('list.cards', { count, n }),
    empty: <Notice title={t('cards.empty')}>{t('cards.emptyText')}</Notice>,
    mark: ({ suspectedAt }) => (suspectedAt === null ? undefined : 'warn'),
  }
}

function useColumns(rows: readonly Row[]): readonly Column<Row>[] {
  const t = useText()
  const format = useFormat()
  const unit = onlyCurrency(rows.map(({ ledger }) => ledger))
  const withCurrency = unit === undefined
  return [
    {
      id: 'card',
      head: t('col.card'),
      cell: ({ id, number }) => (
        <Link to="/cards/$id" params={{ id }}>
          <CardNumber number={number} />
        </Link>
      ),
    },
    { id: 'issue', head: t('col.issue'), grow: true, cell: ({ issue }) => issue.name },
    {
      id: 'serial',
      head: t('col.serial'),
      order: 'serial',
      numeric: true,
      cell: ({ serial }) => (serial === null ? '–' : format.count(serial)),
    },
    { id: 'pack', head: t('col.pack'), numeric: true, cell: ({ pack }) => pack ?? '–' },
    { id: 'state', head: t('col.state'), cell: (row) => <CardState {...row} /> },
    {
      id: 'balance',
      head: t('col.balance'),
      unit,
      numeric: true,
      cell: ({ ledger }) => <Amount money={ledger} withCurrency={withCurrency} />,
    },
    {
      id: 'available',
      head: t('col.available'),
      unit,
      numeric: true,
      order: 'available',
      cell: ({ available }) => <Amount money={available} withCurrency={withCurrency} />,
    },
    {
      id: 'sold',
      head: t('col.sold'),
      order: 'sold',
      cell: ({ soldAt }) => soldAt !== null && <When at={soldAt} show="day" />,
    },
    { id: 'soldIn', head: t('col.soldIn'), cell: ({ soldIn }) => soldIn?.name },
    {
      id: 'used',
      head: t('col.lastUsed'),
      order: 'used',
      cell: ({ usedAt }) => usedAt !== null && <When at={usedAt} show="day" />,
    },
    {
      id: 'validUntil',
      head: t('col.validUntil'),
      order: 'validUntil',
      cell: ({ validUntil }) => validUntil !== null && format.date(validUntil),
    },
    {
      id: 'suspected',
      head: t('col.suspected'),
      cell: ({ suspectedAt }) => suspectedAt !== null && <When at={suspectedAt} />,
    },
  ]
}

import { Link } from '@tanstack/react-router'
import type { Answer } from '../../api/call.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import screen from '../screens.module.css'

type Data = Pick<Answer<'settlements.show'>, 'late' | 'isAllNamed'>

/** What the late lines of a settlement consist of. */
export function LateTransactions({ late, isAllNamed }: Data) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const columns: readonly Column<Data['late'][number]>[] = [
    { id: 'settlement', head: t('settlements.ofNumber'), cell: ({ settlement }) => String(settlement) },
    { id: 'store', head: t('col.store'), cell: ({ store }) => store },
    { id: 'day', head: t('settlements.day'), cell: ({ day }) => format.date(day) },
    {
      id: 'operation',
      head: t('col.operation'),
      cell: ({ id, operation }) => (
        <Link to="/transactions/$id" params={{ id }}>
          {word('operation', operation)} {id}
        </Link>
      ),
    },
    {
      id: 'receivable',
      head: t('settlements.receivable'),
      numeric: true,
      cell: ({ receivable }) => format.money(receivable),
    },
    { id: 'payable', head: t('settlements.payable'), numeric: true, cell: ({ payable }) => format.money(payable) },
  ]
  return (
    <Panel title={t('settlements.late')} flush>
      <p className={`${screen.padded} ${screen.small}`}>
        {t('settlements.lateText')} {isAllNamed ? '' : t('settlements.lateMore')}
      </p>
      <DataTable label={t('settlements.late')} rows={late} rowKey={({ id }) => id} columns={columns} />
    </Panel>
  )
}

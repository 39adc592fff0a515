import { useNavigate } from '@tanstack/react-router'
import type { Answer } from '../../api/call.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import screen from '../screens.module.css'

type Data = Pick<Answer<'reports.show'>, 'matrix' | 'exponents'> & { filter?: Answer<'reports.show'>['filter'] }

/** The matrix of stores: where money was loaded, and where it was spent. */
export function MatrixTable({ matrix, exponents: all, filter }: Data) {
  const t = useText()
  const format = useFormat()
  const exponents = new Map(all.map(({ currency, exponent }) => [currency, exponent]))
  const navigate = useNavigate()
  const onOpen = ({ spentIn }: Data['matrix'][number]): void => {
    const { from = null, to: until = null } = filter ?? {}
    const search = { store: spentIn, ...(from !== null && { from }), ...(until !== null && { to: until }) }
    const to: string = '/reports/activity'
    void navigate({ to, search })
  }
  const columns: readonly Column<Data['matrix'][number]>[] = [
    { id: 'origin', head: t('reports.origin'), cell: ({ origin }) => origin },
    { id: 'spentIn', head: t('reports.spentIn'), cell: ({ spentIn }) => spentIn },
    {
      id: 'amount',
      head: t('reports.amount'),
      numeric: true,
      cell: ({ amount, currency }) => format.money({ value: amount, currency, exponent: exponents.get(currency) ?? 2 }),
    },
  ]
  return (
    <Panel title={t('reports.matrix')} flush>
      <p className={`${screen.padded} ${screen.small}`}>
        {t('reports.matrixText')} {filter === undefined ? '' : t('reports.matrixWay')}
      </p>
      <DataTable
        label={t('reports.matrix')}
        rows={matrix}
        rowKey={({ origin, spentIn, currency }) => `${origin} ${spentIn} ${currency}`}
        columns={columns}
        {...(filter !== undefined && { onOpen })}
      />
    </Panel>
  )
}

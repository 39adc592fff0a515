import type { Answer } from '../../api/call.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'

type Data = Pick<Answer<'reports.show'>, 'matrix' | 'exponents'>

/** From where money came to where it was spent. */
export function MatrixTable({ matrix, exponents: all }: Data) {
  const t = useText()
  const format = useFormat()
  const exponents = new Map(all.map(({ currency, exponent }) => [currency, exponent]))
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
      <DataTable
        label={t('reports.matrix')}
        rows={matrix}
        rowKey={({ origin, spentIn, currency }) => `${origin} ${spentIn} ${currency}`}
        columns={columns}
      />
    </Panel>
  )
}

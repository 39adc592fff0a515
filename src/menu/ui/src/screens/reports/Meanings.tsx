import { Facts } from '../../components/Facts.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useLocalized, useText } from '../../i18n/useText.ts'
import type { FiguresData } from './FiguresTable.tsx'

/** What the figures of a table mean, column by column. */
export function Meanings({ columns }: Pick<FiguresData, 'columns'>) {
  const t = useText()
  const localized = useLocalized()
  const facts = columns.flatMap(({ title, meaning }) =>
    meaning === null ? [] : [[localized(title), localized(meaning)] as const],
  )
  if (facts.length === 0) return null
  return (
    <Panel title={t('reports.meanings')}>
      <Facts columns={2} facts={facts} />
    </Panel>
  )
}

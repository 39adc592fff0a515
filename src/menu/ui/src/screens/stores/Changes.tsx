import { DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { When } from '../../components/When.tsx'
import { useStored } from '../../i18n/stored.ts'
import { useText } from '../../i18n/useText.ts'

type Change = { readonly at: string; readonly who: string; readonly action: string; readonly detail: string }

/** The history of changes of a store or a terminal. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  const t = useText()
  const stored = useStored()
  if (changes.length === 0) return null
  return (
    <Panel title={t('store.changes')} flush>
      <DataTable
        label={t('store.changes')}
        rows={changes}
        rowKey={({ at, detail }) => `${at} ${detail}`}
        columns={[
          { id: 'at', head: t('col.time'), cell: ({ at }) => <When at={at} /> },
          { id: 'who', head: t('field.who'), cell: ({ who }) => who },
          {
            id: 'detail',
            head: t('audit.details'),
            grow: true,
            wraps: true,
            cell: ({ detail }) => <span title={stored(detail)}>{stored(detail)}</span>,
          },
        ]}
      />
    </Panel>
  )
}

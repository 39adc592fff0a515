import type { Answer } from '../../api/call.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useStored } from '../../i18n/stored.ts'
import { useText, useWord } from '../../i18n/useText.ts'

/** The plan of a pack and its findings: the count of each kind, and the first ones by name. */
export function Findings({ plan: { cards, ranges, findings } }: { plan: Answer<'packs.plan'> }) {
  const t = useText()
  const word = useWord()
  const stored = useStored()
  const count = t('pack.plan', { n: cards, ranges })
  if (findings.length === 0) {
    return (
      <Notice tone="good" title={count}>
        {t('pack.nothingFound')}. {t('pack.nothingFoundText')}
      </Notice>
    )
  }
  return (
    <>
      <p>{count}</p>
      <DataTable
        label={t('pack.findings')}
        rows={findings}
        rowKey={({ finding }) => finding}
        columns={[
          {
            id: 'finding',
            head: t('pack.findings'),
            cell: ({ finding, allowable }) => (
              <Status tone={allowable ? 'warn' : 'bad'}>{word('finding', finding)}</Status>
            ),
          },
          { id: 'count', head: t('pack.cards'), numeric: true, cell: ({ count: n }) => n },
          {
            id: 'first',
            head: t('audit.details'),
            grow: true,
            cell: ({ first, more }) => {
              const text = [...first.map(stored), ...(more ? [t('pack.andMore')] : [])].join('; ')
              return <span title={text}>{text}</span>
            },
          },
        ]}
      />
    </>
  )
}

import type { Answer } from '../../api/call.ts'
import { Amount } from '../../components/Amount.tsx'
import { DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'

type Terminal = Answer<'terminals.show'>
const NAMES = ['credits', 'reversedCredits', 'debits', 'reversedDebits'] as const

/** A till's totals since its last end of day, with which the next one will be compared. */
export function DayTotals({ day: { since, totals } }: { day: Terminal['day'] }) {
  const t = useText()
  const format = useFormat()
  return (
    <Panel title={t('terminal.day')} note={t('terminal.daySince', { day: format.date(since) })} flush>
      <DataTable
        label={t('terminal.day')}
        rows={NAMES.map((name) => ({ name, ...totals[name] }))}
        rowKey={({ name }) => name}
        columns={[
          { id: 'what', head: t('total.what'), grow: true, cell: ({ name }) => t(`total.${name}`) },
          { id: 'number', head: t('total.number'), numeric: true, cell: ({ number }) => format.count(number) },
          {
            id: 'amount',
            head: t('col.amount'),
            numeric: true,
            cell: ({ amount }) => <Amount money={amount} withCurrency />,
          },
        ]}
      />
    </Panel>
  )
}

/** The till's ends of day, and whether its own totals agreed. */
export function DayEnds({ dayEnds }: { dayEnds: Terminal['dayEnds'] }) {
  const t = useText()
  const format = useFormat()
  return (
    <Panel title={t('terminal.dayEnds')} flush>
      {dayEnds.length === 0 ? (
        <div className={classes.padded}>
          <Notice title={t('terminal.noDayEnds')}>{t('terminal.noDayEndsText')}</Notice>
        </div>
      ) : (
        <DataTable
          label={t('terminal.dayEnds')}
          rows={dayEnds}
          rowKey={({ id }) => id}
          mark={({ agreed }) => (agreed ? undefined : 'warn')}
          columns={[
            { id: 'day', head: t('field.day'), cell: ({ day }) => format.date(day) },
            {
              id: 'credits',
              head: t('total.credits'),
              numeric: true,
              cell: ({ totals }) => <Amount money={totals.credits.amount} />,
            },
            {
              id: 'debits',
              head: t('total.debits'),
              numeric: true,
              cell: ({ totals }) => <Amount money={totals.debits.amount} />,
            },
            {
              id: 'agreed',
              head: t('total.compared'),
              cell: ({ agreed }) => (
                <Status tone={agreed ? 'plain' : 'warn'}>{t(agreed ? 'terminal.agreed' : 'terminal.differs')}</Status>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}

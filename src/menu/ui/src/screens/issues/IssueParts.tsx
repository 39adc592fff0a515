import { Progress } from '@mantine/core'
import { DataTable } from '../../components/DataTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Timeline } from '../../components/Timeline.tsx'
import { When } from '../../components/When.tsx'
import { IconCheck, IconFile, IconScale } from '@tabler/icons-react'
import { useStored } from '../../i18n/stored.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import own from './IssueParts.module.css'
import type { IssueRecord } from './issue-state.tsx'
import { useChangeText } from './setting-text.ts'

/** The number of cards in each state. */
export function WhereCards({ issue }: { issue: IssueRecord }) {
  const t = useText()
  const format = useFormat()
  const sumOf = (states: readonly string[]): number =>
    issue.packs.filter(({ state }) => states.includes(state)).reduce((sum, { cards }) => sum + cards, 0)
  const cardsIn = (isWanted: (state: string) => boolean): number =>
    issue.cards.filter(({ state }) => isWanted(state)).reduce((sum, { count }) => sum + count, 0)
  const rows = [
    [t('where.made'), cardsIn(() => true)],
    ...(issue.settings['packs'] === 'yes'
      ? ([
          [t('where.packed'), sumOf(['made', 'dispatched', 'received', 'active', 'selling', 'sold'])],
          [t('where.active'), sumOf(['active', 'selling', 'sold'])],
        ] as const)
      : []),
    [t('where.sold'), cardsIn((state) => !['inactive', 'sellable'].includes(state))],
  ] as const
  return (
    <Panel title={t('issue.where')}>
      <dl className={own.bars}>
        {rows.map(([name, count]) => (
          <div key={name} className={own.bar}>
            <dt>{name}</dt>
            <dd className={own.meter} aria-hidden>
              <Progress.Root size="xs">
                <Progress.Section value={(count / issue.count) * 100} withAria={false} />
              </Progress.Root>
            </dd>
            <dd className={own.count}>{format.count(count)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

/** Every file with whole card numbers. */
export function Files({ issue }: { issue: IssueRecord }) {
  const t = useText()
  const format = useFormat()
  if (issue.exports.length === 0) return null
  return (
    <Panel title={t('issue.files')} flush>
      <DataTable
        label={t('issue.files')}
        rows={issue.exports.toReversed()}
        rowKey={({ id }) => id}
        columns={[
          { id: 'at', head: t('col.time'), cell: ({ at }) => <When at={at} /> },
          { id: 'who', head: t('field.who'), cell: ({ who }) => who },
          {
            id: 'file',
            head: t('pack.file'),
            grow: true,
            cell: ({ fileName, encryptedTo, sha256 }) => (
              <>
                {fileName}
                <span className={classes.small}>
                  {' '}
                  {[
                    encryptedTo === null ? '' : t('issue.encryptedTo', { recipient: `${encryptedTo.slice(0, 16)}…` }),
                    sha256 === null ? t('issue.brokenOff') : `SHA-256 ${sha256.slice(0, 16)}…`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </>
            ),
          },
          { id: 'reason', head: t('field.reason'), wideOnly: true, cell: ({ reason }) => reason },
          {
            id: 'cards',
            head: t('pack.cards'),
            numeric: true,
            cell: ({ cards }) => (cards === null ? '–' : format.count(cards)),
          },
        ]}
      />
    </Panel>
  )
}

export function History({ issue }: { issue: IssueRecord }) {
  const t = useText()
  const word = useWord()
  const stored = useStored()
  const changed = useChangeText(issue)
  return (
    <Panel title={t('issue.history')} flush>
      <Timeline
        label={t('issue.history')}
        entries={issue.events.toReversed().map(({ at, who, event, note }, index) => ({
          id: `${at}-${index}`,
          at,
          icon: event.startsWith('limits') ? <IconScale /> : event === 'exported' ? <IconFile /> : <IconCheck />,
          title: word('event', event),
          where: who,
          ...(note !== null && note !== '' && { sentence: stored(changed(note)) }),
        }))}
      />
    </Panel>
  )
}

import { Button } from '@mantine/core'
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { issueQuery, jobQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { Callout } from '../../components/Callout.tsx'
import { Facts } from '../../components/Facts.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { useRecent } from '../../components/palette-entries.ts'
import { Panel } from '../../components/Panel.tsx'
import { Steps } from '../../components/Steps.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { Files, History, WhereCards } from './IssueParts.tsx'
import { FIELD_GROUPS } from './issue-fields.ts'
import { useSettingText } from './setting-text.ts'
import { type IssueRecord, IssueState, useValidity } from './issue-state.tsx'
import { type IssueAct, nextOf, useSteps, waitsForPacks } from './issue-steps.tsx'

const IssueDialog = lazy(() => import('./IssueDialog.tsx').then((module) => ({ default: module.IssueDialog })))

const REFRESH_MS = 5_000
const JOB_MS = 500

const isAtWork = (job: IssueRecord['job']): boolean => job?.state === 'running' || job?.state === 'waiting'

/** The guided way of one issue, from its plan to cards that shops can sell. */
export function Issue() {
  const { code = '' } = useParams({ strict: false })
  const issue = useSuspenseQuery({
    ...issueQuery(code),
    // The query counts every card of the issue, so it is repeated only while cards are being made.
    refetchInterval: ({ state: { data } }) => (isAtWork(data?.job ?? null) ? REFRESH_MS : false),
  }).data
  const [asking, setAsking] = useState<IssueAct | null>(null)
  useRecent({ name: issue.name, hint: issue.code, to: `/issues/${code}` })
  return (
    <>
      <Head issue={issue} onAct={setAsking} />
      <div className={classes.record}>
        <div className={classes.stack}>
          <Next issue={issue} />
          <Way issue={issue} onAct={setAsking} />
          <Files issue={issue} />
          <History issue={issue} />
        </div>
        <div className={classes.stack}>
          <WhereCards issue={issue} />
          <Rules issue={issue} onAct={setAsking} />
        </div>
      </div>
      <Suspense>
        {asking !== null && <IssueDialog act={asking} issue={issue} onClose={() => setAsking(null)} />}
      </Suspense>
    </>
  )
}

type Props = { issue: IssueRecord; onAct: (act: IssueAct) => void }

function Head({ issue, onAct }: Props) {
  const t = useText()
  const word = useWord()
  const may = useMay()
  const format = useFormat()
  const validity = useValidity()
  const { settings, minimum, maximum } = issue
  const months = settings['validityMonths'] ?? 'none'
  const until = settings['validUntil'] ?? 'none'
  return (
    <PageHead
      parent={{ to: '/issues', label: t('page.issues') }}
      title={issue.name}
      status={<IssueState state={issue.state} />}
      facts={
        <>
          <span>{issue.code}</span>
          <span>
            {minimum.value !== maximum.value && (
              <>
                <Amount money={minimum} />–
              </>
            )}
            <Amount money={maximum} withCurrency />
          </span>
          <span>{t('issue.cardCount', { n: issue.count, count: format.count(issue.count) })}</span>
          <span>{word('word', settings['medium'] ?? '')}</span>
          <span>
            {validity({
              validUntil: until === 'none' ? null : until,
              validityMonths: months === 'none' ? null : Number(months),
            })}
          </span>
        </>
      }
      actions={
        may('issues.edit') &&
        issue.state !== 'closed' && (
          <Button className={classes.asks ?? ''} onClick={() => onAct('close')}>
            {t('issue.close')}
          </Button>
        )
      }
    />
  )
}

/** The next step and who may take it. */
function Next({ issue }: { issue: IssueRecord }) {
  const t = useText()
  const may = useMay()
  if (issue.state === 'closed')
    return (
      <Callout tone="wait" title={t('issue.closedTitle')}>
        {t('issue.closedText')}
      </Callout>
    )
  const next = nextOf(issue)
  if (next === null && waitsForPacks(issue)) {
    return (
      <Callout tone="wait" title={t('issue.next', { step: t('issue.activatePacks') })}>
        <Link to="/packs" search={{ issue: issue.code }}>
          {t('page.packs')}
        </Link>
      </Callout>
    )
  }
  if (next === null) {
    return (
      <Callout tone="good" title={t('issue.ready')}>
        {t('issue.readyText')}
      </Callout>
    )
  }
  const { step, right, people } = next
  const waiting = issue.approvals.find(({ kind }) => kind === 'issueAuthorisation')
  const others = people.map(({ name }) => name).join(', ')
  const isMine = may(right) && (waiting === undefined || waiting.refused === null)
  const text = isMine
    ? t('issue.nextYou')
    : others === ''
      ? t('issue.nextNobody')
      : t(step === 'authorise' ? 'issue.nextSecond' : 'issue.nextOthers', { people: others })
  return (
    <Callout tone="wait" title={t('issue.next', { step: t(`step.${step}`) })}>
      {text}
    </Callout>
  )
}

function Way({ issue, onAct }: Props) {
  const t = useText()
  const client = useQueryClient()
  const may = useMay()
  const { job } = issue
  const isRunning = isAtWork(job)
  const mayLook = may('jobs.see')
  const live = useQuery({
    ...jobQuery(job?.id ?? ''),
    enabled: isRunning && mayLook,
    refetchInterval: ({ state: { data } }) => {
      const isOver = data !== undefined && data.state !== 'running' && data.state !== 'waiting'
      if (isOver) void client.invalidateQueries({ queryKey: ['issue', issue.code] })
      return isOver ? false : JOB_MS
    },
  }).data
  const steps = useSteps(issue, isRunning && live !== undefined ? live : job, onAct)
  return (
    <Panel title={t('issue.way')}>
      <Steps label={t('issue.way')} steps={steps} />
    </Panel>
  )
}

/** The settings by purpose; `none` is left out. */
function Rules({ issue, onAct }: Props) {
  const t = useText()
  const word = useWord()
  const say = useSettingText(issue)
  const may = useMay()
  const wait = issue.approvals.some(({ kind }) => kind === 'limits')
  const isDraft = issue.state === 'draft'
  const shown = FIELD_GROUPS.filter(({ id }) => id !== 'basics').flatMap(({ fields }) =>
    fields.flatMap(({ name, kind }) => {
      const value = issue.settings[name] ?? 'none'
      const isNothing = ['none', '0.00', '0'].includes(value)
      return isNothing ? [] : [[word('setting', name), say(kind, value)] as const]
    }),
  )
  return (
    <Panel title={t('issue.rules')} {...(!isDraft && { note: t('issue.rulesFixed') })}>
      <Facts facts={shown} />
      {!isDraft && issue.state !== 'closed' && may('issues.limits') && !wait && (
        <Button variant="subtle" size="compact-sm" className={classes.asks ?? ''} onClick={() => onAct('limits')}>
          {t('issue.limits')}
        </Button>
      )}
      {wait && <p className={classes.small}>{t('issue.limitsWait')}</p>}
    </Panel>
  )
}

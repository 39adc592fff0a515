import { Button, Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Right, useMay } from '../../api/session.ts'
import type { Step } from '../../components/Steps.tsx'
import { When } from '../../components/When.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import type { IssueRecord } from './issue-state.tsx'

export type IssueAct = 'change' | 'generate' | 'proofs' | 'export' | 'activate' | 'authorise' | 'close' | 'limits'
type StepId = 'plan' | 'generate' | 'proofs' | 'export' | 'packs' | 'activate' | 'authorise'
type Job = Pick<NonNullable<IssueRecord['job']>, 'id' | 'state' | 'done' | 'total' | 'trouble'>

const MADE: readonly IssueRecord['state'][] = ['generated', 'exported', 'activated', 'closed']
const SHIPPED: readonly IssueRecord['state'][] = ['exported', 'activated', 'closed']
const ACTIVE: readonly IssueRecord['state'][] = ['activated', 'closed']

const isVirtual = ({ settings }: IssueRecord): boolean => settings['medium'] === 'virtual'
const hasPacks = ({ settings }: IssueRecord): boolean => settings['packs'] === 'yes'
const asksSecond = ({ settings }: IssueRecord): boolean => settings['saleAuthorisation'] === 'yes'
const packedOf = ({ packs }: IssueRecord): number =>
  packs.filter(({ state }) => state !== 'returned').reduce((sum, { cards }) => sum + cards, 0)
const has = ({ events }: IssueRecord, event: string): boolean => events.some((one) => one.event === event)

/** The steps of this issue, and whether each is done. */
function stepsOf(issue: IssueRecord): readonly (readonly [StepId, boolean])[] {
  const { state } = issue
  return [
    ['plan', true],
    ['generate', MADE.includes(state)],
    ...(isVirtual(issue)
      ? []
      : ([
          ['proofs', has(issue, 'proofed') || SHIPPED.includes(state)],
          ['export', SHIPPED.includes(state)],
        ] as const)),
    ...(hasPacks(issue) ? ([['packs', packedOf(issue) > 0]] as const) : []),
    ['activate', ACTIVE.includes(state)],
    // If the issue is distributed in packs, each pack is authorised separately.
    ...(asksSecond(issue) && !hasPacks(issue) ? ([['authorise', issue.authorisedBy !== null]] as const) : []),
  ]
}

const RIGHTS = {
  plan: ['issues.edit', 'edit'],
  generate: ['issues.edit', 'edit'],
  proofs: ['issues.export', 'export'],
  export: ['issues.export', 'export'],
  packs: ['packs.make', 'packs'],
  activate: ['issues.activate', 'activate'],
  authorise: ['issues.authorise', 'authorise'],
} as const satisfies Record<StepId, readonly [Right, keyof IssueRecord['people']]>

/** The next step and who may take it; null: none. */
export function nextOf(issue: IssueRecord) {
  const step = stepsOf(issue).find(([, isDone]) => !isDone)?.[0]
  if (step === undefined) return null
  const [right, group] = RIGHTS[step]
  return {
    step,
    right,
    people: issue.people[group].filter(({ login }) => step !== 'authorise' || login !== issue.activatedBy),
  }
}

/** Active, but without an active pack: none of its cards can be sold yet. */
export const waitsForPacks = (issue: IssueRecord): boolean =>
  hasPacks(issue) && !issue.packs.some(({ state }) => state === 'active' || state === 'selling' || state === 'sold')

/** When each step was taken: the last event of its kind. */
const EVENT_OF = {
  plan: 'created',
  generate: 'generated',
  proofs: 'proofed',
  export: 'exported',
  packs: null,
  activate: 'activated',
  authorise: null,
} as const satisfies Record<StepId, string | null>

export function useSteps(issue: IssueRecord, job: Job | null, onAct: (act: IssueAct) => void): readonly Step[] {
  const t = useText()
  const results = useResults(issue)
  const bodyOf = useBodies(issue, job, onAct)
  const next = nextOf(issue)?.step
  return stepsOf(issue).map(([id, isDone]): Step => {
    const event = issue.events.findLast((one) => one.event === EVENT_OF[id])
    const body = bodyOf(id)
    return {
      id,
      name: t(`step.${id}`),
      state: id === next ? 'now' : isDone ? 'done' : 'later',
      result: results[id],
      ...(event !== undefined && {
        who: (
          <>
            {event.who}, <When at={event.at} />
          </>
        ),
      }),
      ...(id === 'authorise' && issue.authorisedBy !== null && { who: issue.authorisedBy }),
      ...(body !== null && { body }),
    }
  })
}

function useResults(issue: IssueRecord): Record<StepId, string> {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { settings, count } = issue
  const cards = t('issue.cardCount', { n: count, count: format.count(count) })
  const file = issue.exports.findLast(({ maker, sha256 }) => maker !== 'proofs' && sha256 !== null)
  const packed = packedOf(issue)
  const packCount = issue.packs.filter(({ state }) => state !== 'returned').reduce((sum, { packs }) => sum + packs, 0)
  return {
    plan: t('step.planResult', {
      count: cards,
      prefix: settings['prefix'] ?? '',
      body: word('word', settings['body'] ?? ''),
    }),
    generate: MADE.includes(issue.state) ? cards : t('step.generateLater'),
    proofs: t('step.proofsLater'),
    export:
      file === undefined ? t('step.exportLater') : `${file.fileName}, SHA-256 ${(file.sha256 ?? '').slice(0, 12)}…`,
    packs:
      packed === 0
        ? t('step.packsLater')
        : t('step.packsResult', { packs: packCount, cards: format.count(packed), total: format.count(count) }),
    activate:
      asksSecond(issue) && hasPacks(issue)
        ? `${t('step.activateLater')} ${t('step.authorisePacks')}`
        : t('step.activateLater'),
    authorise: t('step.authoriseLater'),
  }
}

/** The acts that this person can take in each step now. */
function useBodies(issue: IssueRecord, job: Job | null, onAct: (act: IssueAct) => void): (id: StepId) => ReactNode {
  const t = useText()
  const may = useMay()
  const next = nextOf(issue)?.step
  const isMaking = job !== null && job.state !== 'done' && job.state !== 'failed'
  const waiting = issue.approvals.find(({ kind }) => kind === 'issueAuthorisation')
  const isOpen = MADE.includes(issue.state) && issue.state !== 'closed'
  const possible: Record<StepId, IssueAct | null> = {
    plan: issue.state === 'draft' && job === null ? 'change' : null,
    generate: issue.state === 'draft' && !isMaking ? 'generate' : null,
    proofs: isOpen ? 'proofs' : null,
    export: isOpen ? 'export' : null,
    packs: null,
    activate: issue.state === 'exported' || (issue.state === 'generated' && isVirtual(issue)) ? 'activate' : null,
    authorise: waiting?.refused === null ? 'authorise' : null,
  }
  return (id) => {
    if (id === 'generate' && job !== null && issue.state === 'draft' && job.state !== 'done')
      return <Making job={job} again={may('issues.edit') ? () => onAct('generate') : null} />
    if (id === 'packs') return isOpen && may('packs.find') ? <PacksLink code={issue.code} isNext={next === id} /> : null
    const act = possible[id]
    if (act === null || !may(RIGHTS[id][0])) return null
    return (
      <Button
        size="compact-sm"
        {...(next === id && { variant: 'filled' })}
        className={classes.asks ?? ''}
        onClick={() => onAct(act)}
      >
        {t(act === 'change' ? 'issue.change' : `step.${id}`)}
      </Button>
    )
  }
}

function PacksLink({ code, isNext }: { code: string; isNext: boolean }) {
  const t = useText()
  const may = useMay()
  return (
    <div className={classes.row}>
      {may('packs.make') && (
        <Button
          size="compact-sm"
          {...(isNext && { variant: 'filled' })}
          renderRoot={(props) => <Link {...props} to="/packs" search={{ issue: code, make: 'yes' }} />}
        >
          {t('pack.make')}
        </Button>
      )}
      <Link to="/packs" search={{ issue: code }}>
        {t('page.packs')}
      </Link>
    </div>
  )
}

function Making({ job: { id, state, done, total, trouble }, again }: { job: Job; again: (() => void) | null }) {
  const t = useText()
  const format = useFormat()
  if (state === 'failed') {
    return (
      <>
        <p className={classes.small}>{t('step.jobFailed', { id, trouble: trouble ?? '' })}</p>
        {again !== null && (
          <Button size="compact-sm" onClick={again}>
            {t('step.generate')}
          </Button>
        )}
      </>
    )
  }
  const text = t('step.job', { id, done: format.count(done), total: format.count(total) })
  return (
    <>
      <p className={classes.small}>{text}</p>
      <Progress size="sm" value={total === 0 ? 0 : (done / total) * 100} aria-label={text} />
    </>
  )
}

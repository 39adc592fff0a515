import { Button, SegmentedControl } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { approvalsQuery } from '../api/queries.ts'
import { Amount } from '../components/Amount.tsx'
import { announce } from '../components/announcements.ts'
import { BeforeAfter, type Change } from '../components/BeforeAfter.tsx'
import { FormProblem } from '../components/FormProblem.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { problemText } from '../components/problem-text.ts'
import { Problem } from '../components/Problem.tsx'
import { ReasonDialog } from '../components/ReasonDialog.tsx'
import { ReasonField } from '../components/ReasonField.tsx'
import { Notice, TableSkeleton } from '../components/States.tsx'
import { Status } from '../components/Status.tsx'
import { When } from '../components/When.tsx'
import { OneTimeSecret } from '../components/OneTimeSecret.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useRightName } from '../i18n/useRightName.ts'
import { useLocalized, useText, useWord } from '../i18n/useText.ts'
import { linkTo } from '../link-to.ts'
import { useListSearch } from '../lists/useListSearch.ts'
import classes from './Approvals.module.css'

type Approval = Answer<'approvals.list'>['items'][number]

const REFRESH_MS = 5000

/** Items that this person may decide or has proposed: the change, the proposer and the reason. */
export function Approvals() {
  const t = useText()
  const { search, change } = useListSearch()
  const open = search.open !== 'false'
  const { data, error, refetch } = useQuery({ ...approvalsQuery(open), refetchInterval: REFRESH_MS })
  const [code, setCode] = useState<string | null>(null)
  return (
    <>
      <PageHead
        title={t('page.approvals')}
        facts={t('approvals.lead')}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('page.approvals')}
            value={String(open)}
            onChange={(value) => change({ open: value === 'true' ? undefined : value })}
            data={[
              { value: 'true', label: t('approvals.open') },
              { value: 'false', label: t('approvals.decided') },
            ]}
          />
        }
      />
      {error !== null && data === undefined && <Problem error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && <TableSkeleton />}
      {data?.items.length === 0 && (
        <Panel>
          <Notice tone="good" title={t(open ? 'approvals.none' : 'approvals.noneDecided')}>
            {t(open ? 'approvals.noneText' : 'approvals.noneDecidedText')}
          </Notice>
        </Panel>
      )}
      {data !== undefined && data.items.length > 0 && (
        <ol className={classes.list}>
          {data.items.map((approval) => (
            <Item key={approval.id} approval={approval} onCode={setCode} />
          ))}
        </ol>
      )}
      {code !== null && (
        <OneTimeSecret
          title={t('approvals.code')}
          text={t('approvals.codeText')}
          secret={code}
          onClose={() => setCode(null)}
        />
      )}
    </>
  )
}

/** The number without the kind of the proposal, which is shown in words. */
const numberOf = (id: string): string => id.split('-').at(-1) ?? id

function Item({ approval, onCode }: { approval: Approval; onCode: (code: string) => void }) {
  const t = useText()
  const localized = useLocalized()
  const inWords = useChangeInWords()
  const { id, kind, subject, to, by, at, reason, changes } = approval
  const name = t(`approval.${kind}`)
  return (
    <li className={classes.item} aria-label={`${name} ${id}`}>
      <div className={classes.words}>
        <h2 className={classes.kind}>{name}</h2>
        <p className={classes.subject}>
          {to === null ? localized(subject) : <Link {...linkTo(to)}>{localized(subject)}</Link>}{' '}
          <span className={classes.quiet}>{t('approvals.number', { id: numberOf(id) })}</span>
        </p>
        {reason !== '' && <p className={classes.why}>{reason}</p>}
        <p className={classes.quiet}>
          {by}, <When at={at} />
        </p>
      </div>
      {changes.length > 0 && <BeforeAfter label={t('change.what')} changes={changes.map(inWords)} />}
      <Decision approval={approval} onCode={onCode} />
    </li>
  )
}

/** Translates rights with their reach, and codes that have texts here; the texts of all other changes come from the server. */
function useChangeInWords(): (change: Approval['changes'][number]) => Change {
  const localized = useLocalized()
  const rightName = useRightName()
  const word = useWord()
  const valueName = useValueName()
  const reach = (value: string | null): string | null => (value === null ? null : word('reach', value))
  return ({ name, before, after, money, values }) => {
    const right = rightName(name.en)
    if (right !== null) return { name: right, before: reach(before), after: reach(after) }
    return {
      name: localized(name),
      before: money?.before == null ? valueName(values, before) : <Amount money={money.before} withCurrency />,
      after: money?.after == null ? valueName(values, after) : <Amount money={money.after} withCurrency />,
    }
  }
}

type Values = Approval['changes'][number]['values']

/** The prefixes of the texts that name codes. */
const PREFIXES: Readonly<Partial<Record<NonNullable<Values>, string>>> = { flag: 'word' }

function useValueName(): (values: Values, value: string | null) => ReactNode {
  const word = useWord()
  const format = useFormat()
  return (values, value) => {
    if (value === null || values === null) return value
    if (values === 'day') return format.date(value)
    if (values === 'time') return <When at={value} />
    const names = value.split(', ').map((code) => word(PREFIXES[values] ?? values, code))
    return names.join(', ')
  }
}

/** The outcome, the reason why it is not for this person, or the form to decide it. */
function Decision({ approval, onCode }: { approval: Approval; onCode: (code: string) => void }) {
  const t = useText()
  const localized = useLocalized()
  const { refused, own, decidedBy, decidedAt, approved } = approval
  if (decidedAt !== null) {
    return (
      <div className={classes.answer}>
        <span>
          <Status tone={approved === true ? 'good' : 'bad'}>
            {t(approved === true ? 'approvals.approved' : 'approvals.refused')}
          </Status>
        </span>
        <p className={classes.quiet}>
          {decidedBy}, <When at={decidedAt} />
        </p>
      </div>
    )
  }
  if (refused !== null) {
    return (
      <div className={classes.answer}>
        <span>
          <Status tone="wait">{t(own ? 'approvals.yours' : 'approvals.others')}</Status>
        </span>
        <p className={classes.quiet}>{localized(refused)}</p>
      </div>
    )
  }
  return <DecisionForm approval={approval} onCode={onCode} />
}

function DecisionForm({ approval, onCode }: { approval: Approval; onCode: (code: string) => void }) {
  const t = useText()
  const { id, version, createsMoney } = approval
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const send = async (approve: boolean, why: string): Promise<void> => {
    const { code } = await call('approvals.decide', { params: { id }, body: { approve, reason: why, version } })
    if (code !== null) onCode(code)
    announce('good', t(approve ? 'approvals.doneApproved' : 'approvals.doneRefused', { id: numberOf(id) }))
    await client.invalidateQueries()
  }
  const decide = async (approve: boolean): Promise<void> => {
    if (!approve && reason.trim() === '') {
      setAsking(true)
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      await send(approve, reason.trim())
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <form
        className={classes.answer}
        onSubmit={(event) => {
          event.preventDefault()
          void decide(true)
        }}
      >
        <ReasonField oneLine optional value={reason} onChange={setReason} />
        <div className={classes.buttons}>
          <Button type="submit" variant="outline" loading={busy}>
            {t('act.approve')}
          </Button>
          <Button disabled={busy} onClick={() => void decide(false)}>
            {t('act.refuse')}
          </Button>
        </div>
        {createsMoney && <p className={classes.quiet}>{t('approvals.createsMoney')}</p>}
        <FormProblem text={problem} />
      </form>
      {asking && (
        <ReasonDialog
          title={t('act.refuse')}
          lead={t('approvals.needsReason')}
          act={t('act.refuse')}
          run={(why) => send(false, why)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

import { Button, NativeSelect } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { caseQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { Amount } from '../components/Amount.tsx'
import { announce } from '../components/announcements.ts'
import { BeforeAfter } from '../components/BeforeAfter.tsx'
import { Callout } from '../components/Callout.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import form from '../components/Form.module.css'
import { FormProblem } from '../components/FormProblem.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { useRecent } from '../components/palette-entries.ts'
import { Panel } from '../components/Panel.tsx'
import { ReasonDialog } from '../components/ReasonDialog.tsx'
import { ReasonField } from '../components/ReasonField.tsx'
import { Status } from '../components/Status.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../i18n/useText.ts'
import classes from './screens.module.css'
import own from './Case.module.css'

type CaseRecord = Answer<'cases.show'>
type Bearer = 'store' | 'issuer'
type Verdict = 'happened' | 'didNotHappen'
type Outcome = NonNullable<CaseRecord['happened']>

/**
 * One case: the facts of the switch beside the claims of the terminal, and the card before and after either decision.
 */
export function Case() {
  const t = useText()
  const word = useWord()
  const may = useMay()
  const { id = '' } = useParams({ strict: false })
  const record = useSuspenseQuery(caseQuery(id)).data
  const { reason, card, store, terminal, transaction, openedAt, closedAt, approval } = record
  const title = word('caseReason', reason)
  useRecent({ name: t('case.number', { id }), hint: title, to: `/cases/${id}` })
  const isOpen = closedAt === null && approval === null
  return (
    <>
      <PageHead
        parent={{ to: '/cases', label: t('page.cases') }}
        title={t('case.number', { id })}
        status={<CaseState record={record} />}
        facts={
          <>
            <span>{title}</span>
            <When at={openedAt} />
            {card !== null && (
              <Link to="/cards/$id" params={{ id: card.id }}>
                <CardNumber number={card.number} />
              </Link>
            )}
            <span>
              {store.name}, {terminal}
            </span>
            <Link to="/transactions/$id" params={{ id: transaction }}>
              {t('case.transaction')}
            </Link>
          </>
        }
      />
      <div className={classes.stack}>
        {approval !== null && (
          <Callout tone="wait" title={t('cases.waits')} action={<Link to="/approvals">{t('page.approvals')}</Link>}>
            {t('case.waitsText')}
          </Callout>
        )}
        <div className={classes.halves}>
          <Evidence title={t('case.known')} rows={record.known} empty={t('case.nothingKnown')} />
          <Evidence title={t('case.said')} rows={record.said} empty={t('case.nothingSaid')} />
        </div>
        {isOpen && may('cases.decide') && <Decide record={record} />}
        {closedAt !== null && <Closed record={record} />}
      </div>
    </>
  )
}

function CaseState({ record: { closedAt, approval, resolution } }: { record: CaseRecord }) {
  const t = useText()
  const word = useWord()
  if (closedAt !== null)
    return <Status tone="plain">{resolution === null ? t('case.closed') : word('resolution', resolution)}</Status>
  return (
    <Status tone={approval === null ? 'warn' : 'wait'}>{t(approval === null ? 'case.open' : 'cases.waits')}</Status>
  )
}

function Evidence({ title, rows, empty }: { title: string; rows: CaseRecord['known']; empty: string }) {
  const localized = useLocalized()
  return (
    <Panel title={title}>
      {rows.length === 0 ? (
        <p className={classes.quiet}>{empty}</p>
      ) : (
        <ol className={own.evidence}>
          {rows.map(({ at, what }) => (
            <li key={`${at} ${what.en}`}>
              <span className={classes.small}>
                <When at={at} show="bothSeconds" />
              </span>
              <span>{localized(what)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function Closed({ record: { closedAt, closedBy, note, borne } }: { record: CaseRecord }) {
  const t = useText()
  const format = useFormat()
  return (
    <Panel title={t('case.closedTitle')}>
      <p>
        {closedAt !== null && <When at={closedAt} />}, {closedBy ?? t('case.byItself')}
      </p>
      {borne !== null && <p>{t(`case.borne.${borne.by}`, { amount: format.money(borne.amount) })}</p>}
      {note !== null && <p>{t('card.quote', { text: note })}</p>}
    </Panel>
  )
}

/** One reason, and either decision. Without a reason the decision asks for one. */
function Decide({ record }: { record: CaseRecord }) {
  const t = useText()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [bearer, setBearer] = useState<Bearer>('store')
  const [asking, setAsking] = useState<Verdict | null>(null)
  const decide = async (verdict: Verdict, why: string): Promise<void> => {
    const isShared = verdict === 'happened' && isShareable(record, record.happened)
    const body = { decision: verdict, reason: why, ...(isShared && { bearer }) }
    const { approval } = await call('cases.decide', { params: { id: record.id }, body })
    await client.invalidateQueries({ queryKey: ['case', record.id] })
    void client.invalidateQueries({ queryKey: ['cases'] })
    if (approval === null) announce('good', t('case.done'))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
  }
  const onDecide = async (verdict: Verdict): Promise<void> => {
    if (reason.trim() === '') setAsking(verdict)
    else await decide(verdict, reason.trim())
  }
  return (
    <Panel title={t('case.decide')} note={record.secondPerson ? t('act.secondPerson') : undefined}>
      {/* The dialog has a field of that name. */}
      <div className={own.reason}>{asking === null && <ReasonField oneLine value={reason} onChange={setReason} />}</div>
      <div className={classes.halves}>
        <Decision {...{ record, bearer, setBearer, onDecide }} verdict="happened" outcome={record.happened} />
        <Decision {...{ record, bearer, setBearer, onDecide }} verdict="didNotHappen" outcome={record.didNotHappen} />
      </div>
      {asking !== null && (
        <ReasonDialog
          title={t(`case.${asking}`)}
          lead={t(`case.${asking}Text`)}
          act={t(`case.${asking}`)}
          run={(why) => decide(asking, why)}
          onClose={() => setAsking(null)}
        />
      )}
    </Panel>
  )
}

const isShareable = ({ shareable }: CaseRecord, outcome: Outcome | null): boolean =>
  shareable && outcome !== null && outcome.missing.value > 0

type DecisionProps = {
  record: CaseRecord
  verdict: Verdict
  outcome: Outcome | null
  bearer: Bearer
  setBearer: (bearer: Bearer) => void
  onDecide: (verdict: Verdict) => Promise<void>
}

function Decision({ record, verdict, outcome, bearer, setBearer, onDecide }: DecisionProps) {
  const t = useText()
  const { problem, busy, submit } = useSubmit(() => onDecide(verdict))
  const { cardNow } = record
  const shareable = verdict === 'happened' && isShareable(record, outcome)
  return (
    <form className={own.decision} onSubmit={submit} aria-label={t(`case.${verdict}`)}>
      <p className={own.text}>{t(`case.${verdict}Text`)}</p>
      {cardNow !== null && outcome !== null && (
        <BeforeAfter
          label={t(`case.${verdict}`)}
          changes={[
            {
              name: t('card.ledger'),
              before: <Amount money={cardNow.ledger} />,
              after: <Amount money={outcome.after.ledger} />,
            },
            {
              name: t('col.available'),
              before: <Amount money={cardNow.available} />,
              after: <Amount money={outcome.after.available} />,
            },
          ]}
        />
      )}
      {outcome !== null && outcome.missing.value > 0 && (
        <Missing outcome={outcome} bearer={shareable ? bearer : null} onBearer={setBearer} />
      )}
      <Button type="submit" variant="outline" loading={busy} className={own.act ?? ''}>
        {t(`case.${verdict}`)}
      </Button>
      <FormProblem text={problem} />
    </form>
  )
}

type MissingProps = { outcome: Outcome; bearer: Bearer | null; onBearer: (bearer: Bearer) => void }

/** The amount that the card lacks; `bearer` null: there is no account that can bear it. */
function Missing({ outcome, bearer, onBearer }: MissingProps) {
  const t = useText()
  const format = useFormat()
  return (
    <>
      <p className={form.hint}>
        {t(bearer === null ? 'case.missingStuck' : 'case.missing', { missing: format.money(outcome.missing) })}
      </p>
      {bearer !== null && (
        <NativeSelect
          label={t('case.bearer')}
          value={bearer}
          onChange={(event) => onBearer(event.target.value === 'issuer' ? 'issuer' : 'store')}
          data={[
            { value: 'store', label: t('case.bearer.store') },
            { value: 'issuer', label: t('case.bearer.issuer') },
          ]}
        />
      )}
    </>
  )
}

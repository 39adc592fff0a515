import { Button, Checkbox, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { welfareBatchQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { announce, unannounce } from '../../components/announcements.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { FormProblem } from '../../components/FormProblem.tsx'
import { ListUpload } from '../../components/ListUpload.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { ReasonDialog } from '../../components/ReasonDialog.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { Notice } from '../../components/States.tsx'
import { Shape } from '../../components/Status.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { When } from '../../components/When.tsx'
import { useLocalized, useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { BatchState } from './batch-state.tsx'
import { RecallDialog } from './RecallDialog.tsx'

type Page = Answer<'welfare.show'>

const REFRESH_MS = 1_000
/** States that change without this person: the batch is being read or booked, or waits for a second person. */
const MOVING: ReadonlySet<string> = new Set(['reading', 'approved', 'proposed'])

/** One list of loads: its findings and the next step. */
export function Batch() {
  const t = useText()
  const { id = '' } = useParams({ strict: false })
  const localized = useLocalized()
  const page = useSuspenseQuery(welfareBatchQuery(id)).data
  const { batch } = page
  const proposed = t('act.proposed')
  const before = useRef(batch.state)
  useEffect(() => {
    // The batch was approved, refused or booked in the meantime: it no longer waits for a second person.
    if (before.current === 'proposed' && batch.state !== 'proposed') unannounce(proposed)
    before.current = batch.state
  }, [batch.state, proposed])
  useQuery({
    ...welfareBatchQuery(id),
    refetchInterval: page.working !== null || MOVING.has(batch.state) ? REFRESH_MS : false,
  })
  return (
    <>
      <PageHead
        parent={{ to: '/welfare', label: t('page.welfare') }}
        title={t('welfare.batch', { id })}
        status={<BatchState {...batch} />}
        facts={<BatchFacts page={page} />}
        actions={<Acts page={page} />}
      />
      <div className={classes.stack}>
        {page.working !== null && <Working title={t('welfare.working')} of={batch.rows} done={page.working} />}
        {page.staged !== null && <Working title={t('batch.approved')} of={batch.rows} done={page.staged} />}
        {page.ended !== null && (
          <Notice tone="bad" title={t('welfare.notDone')}>
            {localized(page.ended)}
          </Notice>
        )}
        {page.working === null && batch.state === 'checked' && batch.stops === 0 && <Propose page={page} />}
        <Findings page={page} />
      </div>
    </>
  )
}

/** The progress of a check or a booking; while a list is read its length is unknown. */
function Working({ title, of, done }: { title: string; of: number; done: number }) {
  const t = useText()
  return (
    <Panel title={title}>
      <p>{of === 0 ? t('welfare.rowsDone', { done }) : t('welfare.rowsDoneOf', { done, of })}</p>
      <Progress value={of === 0 ? 100 : (100 * done) / of} animated={of === 0} aria-label={title} />
    </Panel>
  )
}

function BatchFacts({ page: { batch, readAs } }: { page: Page }) {
  const t = useText()
  const sign = readAs.separator === '\t' ? 'tab' : readAs.separator
  return (
    <>
      <span>{batch.employer}</span>
      <span>{batch.fileName}</span>
      <span>
        {t('welfare.rows')}: {batch.rows}, <Amount money={batch.amount} withCurrency />
      </span>
      <span>
        {t('welfare.readAs', {
          format: readAs.format.toUpperCase(),
          separator: sign ?? 'none',
          encoding: readAs.encoding ?? 'none',
          decimal: readAs.decimal ?? 'none',
          sheet: readAs.sheet ?? 'none',
        })}
      </span>
      <span>
        {batch.preparedBy}, <When at={batch.preparedAt} />
      </span>
      {batch.reason !== null && <span>{t('welfare.reason', { reason: batch.reason })}</span>}
      {batch.decidedBy !== null && (
        <span>
          {batch.decision === null || batch.decision === ''
            ? batch.decidedBy
            : t('welfare.decided', { who: batch.decidedBy, decision: batch.decision })}
        </span>
      )}
    </>
  )
}

function Acts({ page: { batch } }: { page: Page }) {
  const t = useText()
  const may = useMay()
  const client = useQueryClient()
  const [asking, setAsking] = useState<'correct' | 'recall' | 'withdraw' | null>(null)
  const { id, state, stops } = batch
  const wrong = state === 'checked' && stops > 0
  const close = (): void => setAsking(null)
  return (
    <>
      {wrong && <Download href={`/api/welfare/${id}/wrong-rows?format=xlsx`} text={t('welfare.wrongRows')} />}
      {wrong && may('welfare.prepare') && (
        <Button variant="filled" className={classes.asks ?? ''} onClick={() => setAsking('correct')}>
          {t('welfare.correct')}
        </Button>
      )}
      {state !== 'reading' && state !== 'booked' && batch.rows > 0 && (
        <Download href={`/api/welfare/${id}/rows?format=xlsx`} text={t('welfare.allRows')} />
      )}
      {state === 'proposed' && (
        <Download href={`/api/welfare/${id}/changed-cards?format=xlsx`} text={t('welfare.changedCards')} />
      )}
      {(state === 'checked' || state === 'proposed') && may('welfare.prepare') && (
        <Button className={classes.asks ?? ''} onClick={() => setAsking('withdraw')}>
          {t('welfare.withdraw')}
        </Button>
      )}
      {state === 'booked' && <Download href={`/api/welfare/${id}/result?format=xlsx`} text={t('welfare.result')} />}
      {state === 'booked' && may('welfare.recall') && (
        <Button className={classes.asks ?? ''} onClick={() => setAsking('recall')}>
          {t('welfare.recall')}
        </Button>
      )}
      {asking === 'withdraw' && (
        <ReasonDialog
          title={t('welfare.withdraw')}
          lead={t('welfare.withdrawText')}
          act={t('welfare.withdraw')}
          run={async (reason) => {
            await call('welfare.withdraw', { params: { id }, body: { reason } })
            await client.invalidateQueries({ queryKey: ['welfare'] })
            announce('good', t('welfare.withdrawn'))
          }}
          onClose={close}
        />
      )}
      {asking === 'recall' && <RecallDialog batch={batch} onClose={close} />}
      {asking === 'correct' && (
        <ListUpload
          title={t('welfare.correct')}
          act={t('welfare.correct')}
          hint={t('welfare.correctHint')}
          onClose={close}
          onSend={async (file) => {
            await call('welfare.correct', { params: { id }, body: file })
            await client.invalidateQueries({ queryKey: ['welfare'] })
            announce('good', t('welfare.corrected'))
            close()
          }}
        />
      )}
    </>
  )
}

function Download({ href, text }: { href: string; text: string }) {
  return (
    <Button component="a" href={href} download leftSection={<IconDownload size={16} aria-hidden />}>
      {text}
    </Button>
  )
}

/** Warnings are accepted one by one; then a reason, and a second person's turn. */
function Propose({ page: { batch, found } }: { page: Page }) {
  const t = useText()
  const localized = useLocalized()
  const may = useMay()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set())
  const { problem, busy, submit } = useSubmit(async () => {
    const { working } = await call('welfare.propose', {
      params: { id: batch.id },
      body: { reason: reason.trim(), accept: [...accepted] },
    })
    await client.invalidateQueries({ queryKey: ['welfare'] })
    if (!working) announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
  })
  if (!may('welfare.prepare')) return null
  const toggle = (code: string): void =>
    setAccepted((now) => new Set(now.has(code) ? [...now].filter((one) => one !== code) : [...now, code]))
  return (
    <Panel title={t('act.propose')}>
      <form onSubmit={submit} className={classes.stack}>
        {found.map(({ code, rows, name }) => (
          <Checkbox
            key={code}
            label={`${t('welfare.accept', { finding: name === null ? code : localized(name) })} (${rows})`}
            checked={accepted.has(code)}
            onChange={() => toggle(code)}
          />
        ))}
        <ReasonField value={reason} onChange={setReason} />
        <FormProblem text={problem} />
        <div className={classes.row}>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={found.some(({ code }) => !accepted.has(code))}
          >
            {t('act.propose')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

type Finding = Page['findings'][number]
const keyOf = ({ row, column, code }: Finding): string => `${row} ${column} ${code}`

/** The first findings come with the page, further ones when they are asked for. */
function useFindings({ batch, found, findings }: Page) {
  const [further, setFurther] = useState<{ readonly behind: readonly Finding[]; readonly rows: readonly Finding[] }>()
  const shown = further?.behind === findings ? [...findings, ...further.rows] : findings
  const all = found.reduce((sum, { rows }) => sum + rows, 0)
  const more = useSubmit(async () => {
    const query = { after: shown.at(-1)?.row ?? 0 }
    const page = await call('welfare.show', { params: { id: batch.id }, query })
    const known = new Set(shown.map(keyOf))
    const rows = [...shown.slice(findings.length), ...page.findings.filter((one) => !known.has(keyOf(one)))]
    setFurther({ behind: findings, rows })
  })
  return { shown, all, more }
}

function Findings({ page }: { page: Page }) {
  const t = useText()
  const { batch, findings } = page
  const { shown, all, more } = useFindings(page)
  if (findings.length === 0) {
    return batch.state === 'checked' ? (
      <Notice tone="good" title={t('welfare.none')}>
        {t('welfare.noneText')}
      </Notice>
    ) : null
  }
  return (
    <Panel title={batch.stops > 0 ? t('welfare.stops', { n: batch.stops }) : t('welfare.findings')} flush>
      <FindingsTable findings={shown} />
      {shown.length < all && (
        <div className={classes.padded}>
          <FormProblem text={more.problem} />
          <div className={classes.row}>
            <Button loading={more.busy} onClick={more.submit}>
              {t('welfare.more')}
            </Button>
            <span>{t('welfare.findingsShown', { shown: shown.length, all })}</span>
          </div>
        </div>
      )}
    </Panel>
  )
}

function FindingsTable({ findings }: { findings: readonly Finding[] }) {
  const t = useText()
  const localized = useLocalized()
  const word = useWord()
  return (
    <DataTable
      label={t('welfare.findings')}
      rows={findings}
      rowKey={keyOf}
      mark={({ weight }) => (weight === 'stop' ? 'bad' : 'warn')}
      columns={[
        {
          id: 'row',
          head: t('welfare.row'),
          numeric: true,
          cell: ({ row }) => (row === 0 ? t('welfare.wholeList') : row),
        },
        { id: 'column', head: t('welfare.column'), cell: ({ column }) => word('listColumn', column) },
        { id: 'value', head: t('welfare.value'), cell: ({ value }) => value },
        {
          id: 'finding',
          head: t('welfare.finding'),
          grow: true,
          wraps: true,
          cell: ({ text, weight }) => (
            <span title={localized(text)}>
              <Shape tone={weight === 'stop' ? 'bad' : 'warn'} /> {localized(text)}
            </span>
          ),
        },
        {
          id: 'remedy',
          head: t('welfare.remedy'),
          cell: ({ remedy }) => <span className={classes.remedy}>{localized(remedy)}</span>,
        },
      ]}
    />
  )
}

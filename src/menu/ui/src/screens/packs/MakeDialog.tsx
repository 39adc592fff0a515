import { Button, Checkbox, FileInput, Input, NativeSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import { useWording } from '../../lists/useWording.ts'
import { Findings } from './Findings.tsx'
import { ScanList, type Scanned, useScans } from './ScanList.tsx'

type Source = 'scan' | 'range' | 'list' | 'file'
type Plan = Answer<'packs.plan'>
type CardSource = { readonly serials: string; readonly list: string; readonly file: File | null }

type Props = { issue: string | null; serials: string; onMade: (id: string) => void; onClose: () => void }

/** The cards, their findings, and the recipient: nothing is saved before the last button. */
export function MakeDialog({ issue: given, serials, onMade, onClose }: Props) {
  const { t, choices } = useWording()
  const [issue, setIssue] = useState(given ?? choices.issues.at(-1)?.code ?? '')
  const [source, setSource] = useState<Source>('range')
  const [input, setInput] = useState<CardSource>({ serials, list: '', file: null })
  const { scans, handles, clear, add } = useScans()
  const { plan, forget, recipient, setRecipient, reason, setReason, allowed, setAllowed, ...act } = useMaking(
    async () => ({ issue, ...(await selectionOf(source, input, handles)) }),
    onMade,
  )
  const blocked = plan?.findings.some(({ allowable }) => !allowable || !allowed) === true
  return (
    <Dialog title={t('pack.make')} size="44rem" onClose={onClose}>
      <form className={form.form} onSubmit={act.submit}>
        <p>{t('pack.makeLead')}</p>
        <div className={form.pair}>
          <NativeSelect
            label={t('field.issue')}
            value={issue}
            onChange={(event) => {
              setIssue(event.target.value)
              clear()
              forget()
            }}
            data={choices.issues.map(({ code }) => code)}
          />
          <SourceChoice
            source={source}
            onChange={(next) => {
              setSource(next)
              forget()
            }}
          />
        </div>
        <SourceField
          {...{ source, issue, input, scans }}
          say={(change) => {
            setInput((now) => ({ ...now, ...change }))
            forget()
          }}
          onScan={(scan) => {
            add(scan)
            forget()
          }}
        />
        {plan !== null && <Planned {...{ plan, allowed, setAllowed }} />}
        <div className={form.pair}>
          <RecipientField value={recipient} onChange={setRecipient} />
          <ReasonField oneLine value={reason} onChange={setReason} />
        </div>
        <FormProblem text={act.problem} />
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          {plan === null && (
            <Button disabled={act.busy} onClick={act.check}>
              {t('pack.check')}
            </Button>
          )}
          <Button type="submit" variant="filled" loading={act.busy} disabled={blocked}>
            {t('pack.make')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

type Body = Parameters<typeof call<'packs.plan'>>[1]['body']

/** The cards are checked before they are a pack: alone, or on the way to it, which ends where something is found. */
function useMaking(bodyOf: () => Promise<Body>, onMade: (id: string) => void) {
  const t = useText()
  const client = useQueryClient()
  const [plan, setPlan] = useState<Plan | null>(null)
  const [allowed, setAllowed] = useState(false)
  const [recipient, setRecipient] = useState('')
  const [reason, setReason] = useState('')
  const checking = useSubmit(async () => setPlan(await call('packs.plan', { body: await bodyOf() })))
  const making = useSubmit(async () => {
    const body = await bodyOf()
    const checked = plan ?? (await call('packs.plan', { body }))
    setPlan(checked)
    if (plan === null && checked.findings.length > 0) return
    const [kind, code = ''] = recipient.split(':')
    const made = await call('packs.make', {
      body: {
        ...body,
        recipient: { kind: kind === 'counterparty' ? 'counterparty' : 'store', code },
        allowed: allowed ? ['overlap', 'gap'] : [],
        reason: reason.trim(),
      },
    })
    setPlan(made)
    if (made.pack === null) return
    await client.invalidateQueries({ queryKey: ['packs'] })
    void client.invalidateQueries({ queryKey: ['issue'] })
    announce('good', t('pack.made', { id: made.pack }))
    onMade(made.pack)
  })
  const act = {
    problem: making.problem ?? checking.problem,
    busy: making.busy || checking.busy,
    submit: (event: SyntheticEvent): void => {
      checking.clear()
      making.submit(event)
    },
    check: (event: SyntheticEvent): void => {
      making.clear()
      checking.submit(event)
    },
  }
  const forget = (): void => {
    setPlan(null)
    setAllowed(false)
    making.clear()
    checking.clear()
  }
  return { ...act, plan, forget, allowed, setAllowed, recipient, setRecipient, reason, setReason }
}

type PlannedProps = Pick<ReturnType<typeof useMaking>, 'allowed' | 'setAllowed'> & { plan: Plan }

function Planned({ plan, allowed, setAllowed }: PlannedProps) {
  const t = useText()
  return (
    <>
      <Findings plan={plan} />
      {plan.findings.length > 0 && plan.findings.every(({ allowable }) => allowable) && (
        <Checkbox label={t('pack.allow')} checked={allowed} onChange={(event) => setAllowed(event.target.checked)} />
      )}
    </>
  )
}

const SOURCES: readonly Source[] = ['scan', 'range', 'list', 'file']

function SourceChoice({ source, onChange }: { source: Source; onChange: (source: Source) => void }) {
  const t = useText()
  return (
    <Input.Wrapper label={t('pack.source')} labelElement="div">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('pack.source')}
        value={source}
        onChange={(value) => onChange(SOURCES.find((one) => one === value) ?? 'range')}
        data={SOURCES.map((one) => ({ value: one, label: t(`pack.source.${one}`) }))}
      />
    </Input.Wrapper>
  )
}

type SourceProps = {
  source: Source
  issue: string
  input: CardSource
  say: (change: Partial<CardSource>) => void
  scans: readonly Scanned[]
  onScan: (scan: Omit<Scanned, 'at' | 'twice'>) => void
}

function SourceField({ source, issue, input, say, scans, onScan }: SourceProps) {
  const t = useText()
  switch (source) {
    case 'scan':
      return <ScanList of={{ issue }} scans={scans} onScan={onScan} />
    case 'range':
      return (
        <TextInput
          data-autofocus
          label={t('pack.range')}
          description={t('pack.rangeHint')}
          required
          value={input.serials}
          onChange={(event) => say({ serials: event.target.value })}
        />
      )
    case 'list':
      return (
        <Textarea
          label={t('pack.list')}
          description={t('pack.listHint')}
          rows={6}
          required
          autoComplete="off"
          spellCheck={false}
          value={input.list}
          onChange={(event) => say({ list: event.target.value })}
        />
      )
    case 'file':
      return (
        <FileInput
          placeholder={t('file.choose')}
          label={t('pack.file')}
          description={t('pack.fileHint')}
          accept=".csv,.txt,text/csv,text/plain"
          clearable
          required
          value={input.file}
          onChange={(file) => say({ file })}
          clearButtonProps={{ 'aria-label': t('act.remove') }}
        />
      )
  }
}

function RecipientField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t, choices } = useWording()
  return (
    <NativeSelect
      label={t('field.recipient')}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
      data={[
        { value: '', label: '' },
        ...choices.stores.map(({ code, name }) => ({ value: `store:${code}`, label: `${name} (${code})` })),
        ...choices.counterparties.map(({ code, name }) => ({ value: `counterparty:${code}`, label: name })),
      ]}
    />
  )
}

async function selectionOf(source: Source, { serials, list, file }: CardSource, scanned: readonly string[]) {
  const text = source === 'file' ? ((await file?.text()) ?? '') : list
  const isFile = source === 'file' || source === 'list'
  return {
    serials: source === 'range' ? serials : '',
    scanned: source === 'scan' ? [...scanned] : [],
    file: isFile ? { name: source === 'file' ? (file?.name ?? 'file') : 'list', content: text } : null,
  }
}

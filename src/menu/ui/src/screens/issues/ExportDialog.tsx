import { Button, Checkbox, NativeSelect, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call, download } from '../../api/call.ts'
import { makersQuery } from '../../api/queries.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { TableSkeleton } from '../../components/States.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'
import type { IssueRecord } from './issue-state.tsx'

type Maker = Answer<'makers.list'>['items'][number]
type Props = { issue: IssueRecord; onClose: () => void }

/** The maker's file: encrypted to a key that two people have set, handed out once, with a reason. */
export function ExportDialog({ issue, onClose }: Props) {
  const t = useText()
  const localized = useLocalized()
  const { data } = useQuery(makersQuery)
  const [name, setName] = useState<string | null>(null)
  const [otherKey, setOtherKey] = useState(false)
  const makers = data?.items ?? []
  const maker = makers.find((one) => one.name === name) ?? makers.find(({ key }) => key !== null) ?? makers[0]
  const asksKey = maker !== undefined && maker.fault === null && (maker.key === null || otherKey)
  return (
    <Dialog title={t('makerFile.title', { code: issue.code })} size="36rem" onClose={onClose}>
      <div className={form.form}>
        <p>{t('makerFile.lead')}</p>
        {data === undefined && <TableSkeleton rows={2} />}
        {data !== undefined && maker === undefined && <p>{t('makerFile.noMakers')}</p>}
        {maker !== undefined && (
          <NativeSelect
            data-autofocus
            label={t('makerFile.maker')}
            description={t('makerFile.columns', { columns: maker.columns.join(', ') })}
            error={maker.fault !== null && localized(maker.fault)}
            value={maker.name}
            onChange={(event) => setName(event.target.value)}
            data={makers.map((one) => one.name)}
          />
        )}
        {asksKey && <KeyForm key={maker.name} maker={maker} onClose={onClose} />}
        {maker !== undefined && maker.fault === null && !asksKey && (
          <>
            <FileForm key={maker.name} issue={issue} maker={maker} onClose={onClose} />
            {maker.proposed === null && (
              <Button variant="subtle" size="compact-sm" onClick={() => setOtherKey(true)}>
                {t('makerFile.otherKey')}
              </Button>
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}

function FileForm({ issue, maker, onClose }: Props & { maker: Maker }) {
  const t = useText()
  const format = useFormat()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [newEcodes, setNewEcodes] = useState(false)
  const [bytes, setBytes] = useState(0)
  const showsEcodes =
    maker.columns.includes('ecode') && issue.exports.some(({ ecodes, sha256 }) => ecodes && sha256 !== null)
  const { problem, busy, submit } = useSubmit(async () => {
    setBytes(0)
    const body = { maker: maker.name, reason: reason.trim(), newEcodes }
    const file = await download('issues.export', { params: { code: issue.code }, body }, setBytes)
    await client.invalidateQueries({ queryKey: ['issue', issue.code] })
    void client.invalidateQueries({ queryKey: ['issues'] })
    announce('good', t('makerFile.done', { file }))
    onClose()
  })
  return (
    <form className={form.form} onSubmit={submit}>
      {maker.key !== null && (
        <p className={form.hint}>{t('makerFile.to', { ...maker.key, decidedBy: maker.key.decidedBy ?? '' })}</p>
      )}
      {maker.proposed !== null && <p className={form.hint}>{t('makerFile.keyWaits', { ...waits(maker.proposed) })}</p>}
      {showsEcodes && (
        <Checkbox
          label={t('makerFile.newEcodes')}
          checked={newEcodes}
          onChange={(event) => setNewEcodes(event.target.checked)}
        />
      )}
      <ReasonField value={reason} onChange={setReason} />
      <p className={form.hint} role="status">
        {busy && t('makerFile.bytes', { bytes: format.count(Math.ceil(bytes / 1000)) })}
      </p>
      <FormActs
        problem={problem}
        busy={busy}
        disabled={reason.trim() === ''}
        act={t('step.export')}
        onClose={onClose}
      />
    </form>
  )
}

const waits = ({ by, recipient }: NonNullable<Maker['proposed']>) => ({ by, recipient })

/** One person proposes what the maker sent; another one approves it. */
function KeyForm({ maker, onClose }: { maker: Maker; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [publicKey, setPublicKey] = useState('')
  const [reason, setReason] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    const body = { publicKey: publicKey.trim(), reason: reason.trim() }
    await call('makers.key', { params: { code: maker.name }, body })
    await client.invalidateQueries({ queryKey: ['makers'] })
    announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onClose()
  })
  if (maker.proposed !== null) return <p className={form.hint}>{t('makerFile.keyWaits', waits(maker.proposed))}</p>
  return (
    <form className={form.form} onSubmit={submit}>
      <p className={form.hint}>{t('makerFile.noKey')}</p>
      <Textarea
        label={t('makerFile.key')}
        description={t('makerFile.keyHint')}
        rows={4}
        maxLength={8000}
        required
        autoComplete="off"
        spellCheck={false}
        value={publicKey}
        onChange={(event) => setPublicKey(event.target.value)}
      />
      <ReasonField value={reason} onChange={setReason} />
      <FormActs
        problem={problem}
        busy={busy}
        disabled={publicKey.trim() === '' || reason.trim() === ''}
        act={t('act.propose')}
        onClose={onClose}
      />
    </form>
  )
}

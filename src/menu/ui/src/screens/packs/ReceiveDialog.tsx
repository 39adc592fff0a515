import { Checkbox, FileInput } from '@mantine/core'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Callout } from '../../components/Callout.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import type { PackRecord } from './pack-state.tsx'
import { Skips, usePackDone } from './pack-parts.tsx'
import { ScanList, useScans } from './ScanList.tsx'

type Receipt = Answer<'packs.receive'>

/**
 * The pack's cards are scanned, or come from a scanner's file; missing and foreign cards are named before anything is
 * done.
 */
export function ReceiveDialog({ pack, onClose }: { pack: PackRecord; onClose: () => void }) {
  const t = useText()
  const done = usePackDone()
  const { id } = pack
  const { scans, handles, add } = useScans()
  const [file, setFile] = useState<File | null>(null)
  const [receipt, setReceipt] = useState<Receipt | null>(null)
  const [missingAreLost, setMissingAreLost] = useState(false)
  const [reason, setReason] = useState('')
  const skips = pack.steps.find(({ step }) => step === 'receive')?.skips ?? []
  const [skip, setSkip] = useState(false)
  const isMissing = (receipt?.missing.count ?? 0) > 0
  const { problem, busy, submit } = useSubmit(async () => {
    const content = file === null ? null : { name: file.name, content: await file.text() }
    const body = { scanned: [...handles], file: content, missingAreLost, reason: reason.trim(), skip }
    const next = await call('packs.receive', { params: { id }, body })
    setReceipt(next)
    if (!next.received) return
    announce('good', next.lost === 0 ? t('pack.receivedAll', { id }) : t('pack.receivedLost', { id, n: next.lost }))
    await done()
    onClose()
  })
  return (
    <Dialog title={t('pack.do.receive', { id })} size="40rem" onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('pack.lead.receive')}</p>
        <ScanList
          of={{ pack: id }}
          scans={scans}
          onScan={(scan) => {
            add(scan)
            setReceipt(null)
          }}
        />
        <FileInput
          placeholder={t('file.choose')}
          label={t('pack.file')}
          description={t('pack.fileHint')}
          accept=".csv,.txt,text/csv,text/plain"
          clearable
          value={file}
          onChange={setFile}
          clearButtonProps={{ 'aria-label': t('act.remove') }}
        />
        {receipt !== null && !receipt.received && <Differences receipt={receipt} />}
        {isMissing && receipt?.surplus.count === 0 && (
          <Lost {...{ missingAreLost, setMissingAreLost, reason, setReason }} />
        )}
        {skips.length > 0 && <Skips skips={skips} checked={skip} onChange={setSkip} />}
        <FormActs
          problem={problem}
          busy={busy}
          disabled={(handles.length === 0 && file === null) || (skips.length > 0 && !skip)}
          act={t('pack.receive')}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

function Differences({ receipt: { missing, surplus } }: { receipt: Receipt }) {
  const t = useText()
  const parts = [
    ...(missing.count === 0 ? [] : [t('pack.missing', { n: missing.count })]),
    ...(surplus.count === 0 ? [] : [t('pack.surplus', { n: surplus.count })]),
  ]
  return (
    <div role="alert">
      <Callout tone="warn" title={parts.join(', ')}>
        {[...missing.cards, ...surplus.cards].join(', ')} {surplus.count > 0 && t('pack.surplusText')}
      </Callout>
    </div>
  )
}

type LostProps = {
  missingAreLost: boolean
  setMissingAreLost: (lost: boolean) => void
  reason: string
  setReason: (reason: string) => void
}

/** Missing cards can be reported, and the rest received. */
function Lost({ missingAreLost, setMissingAreLost, reason, setReason }: LostProps) {
  const t = useText()
  return (
    <>
      <Checkbox
        label={t('pack.missingLost')}
        checked={missingAreLost}
        onChange={(event) => setMissingAreLost(event.target.checked)}
      />
      <ReasonField oneLine optional value={reason} onChange={setReason} />
    </>
  )
}

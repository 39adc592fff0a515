import { FileInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { base64 } from '../../components/base64.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { Notice } from '../../components/States.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'

type Checked = Answer<'stores.import'>

/** Stores and tills of a chain: first checked, with all faults by line; then saved, all or none. */
export function ChainImport({ onClose }: { onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [checked, setChecked] = useState<Checked | null>(null)
  const isSound = checked !== null && checked.count === 0
  const { problem, busy, submit } = useSubmit(async () => {
    if (file === null) return
    const body = { fileName: file.name, content: await base64(file), dryRun: !isSound }
    const next = await call('stores.import', { body })
    setChecked(next)
    if (!next.saved) return
    await client.invalidateQueries({ queryKey: ['stores'] })
    void client.invalidateQueries({ queryKey: ['terminals'] })
    void client.invalidateQueries({ queryKey: ['choices'] })
    const { stores, terminals } = next
    announce('good', t('chain.saved', { counts: t('chain.counts', { stores, terminals }) }))
    onClose()
  })
  return (
    <Dialog title={t('store.import')} size="44rem" onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('chain.lead')}</p>
        <FileInput
          placeholder={t('file.choose')}
          data-autofocus
          label={t('chain.file')}
          accept=".csv,.xlsx,text/csv"
          clearable
          required
          value={file}
          onChange={(next) => {
            setFile(next)
            setChecked(null)
          }}
          clearButtonProps={{ 'aria-label': t('act.remove') }}
        />
        {checked !== null && <Found checked={checked} />}
        <FormActs
          problem={problem}
          busy={busy}
          disabled={file === null || (checked !== null && !isSound)}
          act={t(isSound ? 'chain.save' : 'chain.check')}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

function Found({ checked: { stores, terminals, count, faults } }: { checked: Checked }) {
  const t = useText()
  const localized = useLocalized()
  const counts = t('chain.counts', { stores, terminals })
  if (count === 0) {
    return (
      <Notice tone="good" title={counts}>
        {t('chain.sound')}
      </Notice>
    )
  }
  return (
    <>
      <p role="alert">{`${counts}. ${t('chain.faults', { n: count })}`}</p>
      <DataTable
        label={t('chain.fault')}
        rows={faults}
        rowKey={({ line, text }) => `${line} ${text.en}`}
        columns={[
          { id: 'line', head: t('chain.line'), numeric: true, cell: ({ line }) => line },
          { id: 'fault', head: t('chain.fault'), grow: true, wraps: true, cell: ({ text }) => localized(text) },
        ]}
      />
    </>
  )
}

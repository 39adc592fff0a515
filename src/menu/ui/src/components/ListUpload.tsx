import { FileInput, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { ApiProblem } from '../api/call.ts'
import form from './Form.module.css'
import { base64 } from './base64.ts'
import { Dialog } from './Dialog.tsx'
import { FormActs } from './FormActs.tsx'
import { useFaults } from './useFaults.ts'
import { useSubmit } from './useSubmit.ts'
import { useText } from '../i18n/useText.ts'

export type Chosen = { readonly fileName: string; readonly content: string }

const MAX_BYTES = 20 * 1024 * 1024

type Props = {
  title: string
  act: string
  /** The label of the file; default: a list of employees. */
  label?: string
  hint?: string
  /** The employer that is selected first; without it there is no choice of employers. */
  employers?: readonly { readonly code: string; readonly name: string }[]
  onSend: (file: Chosen, employer: string) => Promise<void>
  onClose: () => void
}

/** The choice of an employer and of a file from this computer. */
export function ListUpload({ title, act, label, hint, employers = [], onSend, onClose }: Props) {
  const t = useText()
  const [employer, setEmployer] = useState(employers[0]?.code ?? '')
  const [file, setFile] = useState<File | null>(null)
  const isTooLarge = file !== null && file.size > MAX_BYTES
  const { faults, watched } = useFaults()
  const { problem, busy, submit } = useSubmit(() =>
    watched(async () => {
      if (file === null || isTooLarge) return
      await onSend({ fileName: file.name, content: await base64(file) }, employer)
    }),
  )
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        {employers.length > 0 && (
          <NativeSelect
            data-autofocus
            label={t('welfare.employer')}
            value={employer}
            onChange={(event) => setEmployer(event.target.value)}
            data={employers.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
          />
        )}
        <FileInput
          placeholder={t('file.choose')}
          label={label ?? t('welfare.list')}
          description={hint ?? t('welfare.listHint')}
          accept=".csv,.xlsx,text/csv"
          clearable
          required
          error={isTooLarge && t('welfare.tooLarge')}
          value={file}
          onChange={setFile}
          clearButtonProps={{ 'aria-label': t('act.remove') }}
        />
        <FormActs {...{ problem, busy, act, onClose }} disabled={file === null || isTooLarge}>
          <RowFaults faults={faults} />
        </FormActs>
      </form>
    </Dialog>
  )
}

/** The most faults that are shown; a person corrects some and uploads the file again. */
const SHOWN = 10

/** The faults by row. */
function RowFaults({ faults }: { faults: ApiProblem['faults'] }) {
  const t = useText()
  if (faults.length === 0) return null
  return (
    <ul className={form.faults}>
      {faults.slice(0, SHOWN).map(({ at, line, text }) => (
        <li key={`${at} ${text}`}>{line === undefined ? text : t('file.rowFault', { line, text })}</li>
      ))}
      {faults.length > SHOWN && <li>{t('file.moreFaults', { n: faults.length - SHOWN })}</li>}
    </ul>
  )
}

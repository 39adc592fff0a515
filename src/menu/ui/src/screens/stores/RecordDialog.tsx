import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { useFaults } from '../../components/useFaults.ts'
import { useSubmit } from '../../components/useSubmit.ts'

export type RecordField = {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options?: readonly (string | { readonly value: string; readonly label: string })[]
}

type Props = {
  title: string
  act: string
  lead?: string
  fields: readonly RecordField[]
  /** A change needs a reason. */
  asksReason?: boolean
  run: (changed: Record<string, string>, reason: string) => Promise<void>
  onClose: () => void
}

/** The settings of a store or a terminal; faults are shown at their fields. Only changed ones are sent. */
export function RecordDialog({ title, act, lead, fields, asksReason = false, run, onClose }: Props) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const { faults, watched } = useFaults()
  const { problem, busy, submit } = useSubmit(() =>
    watched(async () => {
      const changed = fields.filter(({ name, value }) => (values[name] ?? value) !== value)
      await run(Object.fromEntries(changed.map(({ name }) => [name, values[name] ?? ''])), reason.trim())
      onClose()
    }),
  )
  const errorOf = (name: string): string | undefined => faults.find(({ at }) => at === name)?.text
  return (
    <Dialog title={title} size="36rem" onClose={onClose}>
      <form className={form.form} onSubmit={submit} noValidate>
        {lead !== undefined && <p>{lead}</p>}
        <div className={form.pair}>
          {fields.map(({ name, label, value, options }, index) => {
            const common = {
              label,
              value: values[name] ?? value,
              error: errorOf(name),
              ...(index === 0 && { 'data-autofocus': true }),
            }
            const set = (next: string): void => setValues((now) => ({ ...now, [name]: next }))
            return options === undefined ? (
              <TextInput key={name} {...common} autoComplete="off" onChange={(event) => set(event.target.value)} />
            ) : (
              <NativeSelect key={name} {...common} data={[...options]} onChange={(event) => set(event.target.value)} />
            )
          })}
        </div>
        {asksReason && <ReasonField oneLine value={reason} onChange={setReason} />}
        <FormActs
          problem={problem}
          busy={busy}
          disabled={asksReason && reason.trim() === ''}
          act={act}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

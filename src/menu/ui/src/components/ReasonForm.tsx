import { Children, type ReactNode, useState } from 'react'
import form from './Form.module.css'
import { FormActs } from './FormActs.tsx'
import { ReasonField } from './ReasonField.tsx'
import { useSubmit } from './useSubmit.ts'

export type ReasonFormProps = {
  /** The consequences. */
  lead: ReactNode
  /** The verb of the title again. */
  act: string
  optional?: boolean
  danger?: boolean
  ready?: boolean
  /** The fields beside the reason. */
  children?: ReactNode
  /** The content between the reason and the buttons. */
  note?: ReactNode
  run: (reason: string) => Promise<void>
  onClose: () => void
}

/** One act and its reason. */
export function ReasonForm({
  lead,
  act,
  optional = false,
  danger = false,
  ready = true,
  children,
  note,
  run,
  onClose,
}: ReasonFormProps) {
  const [reason, setReason] = useState('')
  const { problem, busy, submit } = useSubmit(() => run(reason.trim()))
  return (
    <form className={form.form} onSubmit={submit}>
      {typeof lead === 'string' ? <p>{lead}</p> : lead}
      {children}
      <ReasonField
        first={Children.toArray(children).length === 0}
        optional={optional}
        value={reason}
        onChange={setReason}
      />
      {note}
      <FormActs {...{ problem, act, busy, danger, onClose }} disabled={!ready} />
    </form>
  )
}

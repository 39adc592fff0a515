import { Button, Textarea } from '@mantine/core'
import { Children, type ReactNode, useState } from 'react'
import { Dialog } from './Dialog.tsx'
import form from './Form.module.css'
import { useSubmit } from './useSubmit.ts'
import { useText } from '../i18n/useText.ts'

type Props = {
  title: string
  /** The consequences. */
  lead: ReactNode
  /** The verb again. */
  act: string
  optional?: boolean
  danger?: boolean
  ready?: boolean
  children?: ReactNode
  run: (reason: string) => Promise<void>
  onClose: () => void
}

/** One act with a reason; closes itself once it is done. */
export function ReasonDialog({
  title,
  lead,
  act,
  optional = false,
  danger = false,
  ready = true,
  children,
  run,
  onClose,
}: Props) {
  const t = useText()
  const [reason, setReason] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    await run(reason.trim())
    onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{lead}</p>
        {children}
        <Textarea
          {...(Children.toArray(children).length === 0 && { 'data-autofocus': true })}
          label={t('field.reason')}
          rows={2}
          maxLength={200}
          required={!optional}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {problem !== null && (
          <p role="alert" className={form.problem}>
            {problem}
          </p>
        )}
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          <Button
            type="submit"
            variant="filled"
            {...(danger && { className: form.danger ?? '' })}
            loading={busy}
            disabled={!ready || (!optional && reason.trim() === '')}
          >
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'
import form from './Form.module.css'
import { FormProblem } from './FormProblem.tsx'

type Props = {
  /** The refusal of the last attempt; null: none. */
  problem: string | null
  /** The verb of the title again. */
  act: string
  busy?: boolean
  disabled?: boolean
  danger?: boolean
  /** The form has no field: the focus begins on the act. */
  first?: boolean
  onClose: () => void
  /** More about the refusal. */
  children?: ReactNode
}

/** The end of a dialog's form: why it was refused, Cancel, and the act. */
export function FormActs({
  problem,
  act,
  busy = false,
  disabled = false,
  danger = false,
  first = false,
  onClose,
  children,
}: Props) {
  const t = useText()
  return (
    <>
      <FormProblem text={problem} />
      {problem !== null && children}
      <div className={form.acts}>
        <Button onClick={onClose}>{t('act.cancel')}</Button>
        <Button
          {...(first && { 'data-autofocus': true })}
          type="submit"
          variant="filled"
          {...(danger && { className: form.danger ?? '' })}
          loading={busy}
          disabled={disabled}
        >
          {act}
        </Button>
      </div>
    </>
  )
}

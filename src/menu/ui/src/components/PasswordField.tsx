import { PasswordInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'

type Props = {
  /** The current password; a new one, shown with its rules; or the repetition of the new one. */
  kind: 'current' | 'new' | 'again'
  label: string
  value: string
  onChange: (password: string) => void
  /** The first field of its dialog: the focus begins here. */
  first?: boolean
  error?: ReactNode
}

/** The shortest and the longest password that the office takes. */
const MIN_LENGTH = 12
const MAX_LENGTH = 128

/** A password field, whose text can be shown. It tells a password manager whether the password is a new one. */
export function PasswordField({ kind, label, value, onChange, first = false, error }: Props) {
  const t = useText()
  return (
    <PasswordInput
      {...(first && { 'data-autofocus': true })}
      label={label}
      {...(kind === 'new' && { description: t('password.hint'), minLength: MIN_LENGTH })}
      autoComplete={kind === 'current' ? 'current-password' : 'new-password'}
      required
      maxLength={MAX_LENGTH}
      error={error}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      visibilityToggleButtonProps={{ 'aria-label': t('sign.show') }}
    />
  )
}

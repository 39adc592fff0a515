import { PasswordInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'

type Props = {
  /** The password of now; a new one, whose rules are said; or the new one once more. */
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

/** A password, which its owner can look at; a password manager knows which one it is. */
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

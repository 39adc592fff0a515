import { TextInput } from '@mantine/core'
import { useText } from '../i18n/useText.ts'
import classes from './CodeField.module.css'

/** Room for a recovery code, which is longer than the six digits of an authenticator. */
const MAX_LENGTH = 40

type Props = { value: string; onChange: (code: string) => void; autoFocus?: boolean; large?: boolean }

/** The code of an authenticator, or a recovery code. */
export function CodeField({ value, onChange, autoFocus = false, large = false }: Props) {
  const t = useText()
  return (
    <TextInput
      label={t('sign.code')}
      {...(large && { classNames: { input: classes.large ?? '' } })}
      inputMode="numeric"
      autoComplete="one-time-code"
      autoFocus={autoFocus}
      required
      maxLength={MAX_LENGTH}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

import { Textarea, TextInput } from '@mantine/core'
import { useText } from '../i18n/useText.ts'

type Props = {
  value: string
  onChange: (reason: string) => void
  optional?: boolean
  /** The first field of its dialog: the focus begins here. */
  first?: boolean
  /** The field is beside a button, or in a row of fields. */
  oneLine?: boolean
}

/** Why somebody does something; it stays in the audit. */
export function ReasonField({ value, onChange, optional = false, first = false, oneLine = false }: Props) {
  const t = useText()
  const shared = {
    ...(first && { 'data-autofocus': true }),
    label: t('field.reason'),
    maxLength: 200,
    required: !optional,
    value,
  }
  if (oneLine) return <TextInput {...shared} onChange={(event) => onChange(event.target.value)} />
  return (
    <Textarea {...shared} description={t('reason.hint')} rows={2} onChange={(event) => onChange(event.target.value)} />
  )
}

import { NativeSelect, TextInput } from '@mantine/core'
import { useWord } from '../../i18n/useText.ts'
import { useLanguage } from '../../i18n/language.ts'
import type { Field } from './issue-fields.ts'
import { fieldText, shownValue } from './issue-fields.ts'
import classes from './SettingFields.module.css'

type Faults = readonly { readonly at: string; readonly text: string }[]

type Props = {
  groups: readonly { readonly id: string; readonly fields: readonly Field[] }[]
  before: Readonly<Record<string, string>>
  values: Readonly<Record<string, string>>
  faults: Faults
  onChange: (name: string, value: string) => void
}

/** The settings of an issue in groups, each with its purpose; faults are shown at their fields. */
export function SettingFields({ groups, before, values, faults, onChange }: Props) {
  const word = useWord()
  const language = useLanguage()
  return groups.map(({ id, fields }, at) => (
    <fieldset key={id} className={classes.group}>
      <legend className={classes.legend}>{word('settings', id)}</legend>
      <div className={classes.fields}>
        {fields.map((field, index) => (
          <SettingField
            key={field.name}
            field={field}
            value={values[field.name] ?? fieldText(field.kind, shownValue(before, field.name), language)}
            faults={faults}
            isFirst={at === 0 && index === 0}
            onChange={(value) => onChange(field.name, value)}
          />
        ))}
      </div>
    </fieldset>
  ))
}

type FieldProps = {
  field: Field
  value: string
  faults: Faults
  isFirst: boolean
  onChange: (value: string) => void
}

function SettingField({ field: { name, kind, options, usual }, value, faults, isFirst, onChange }: FieldProps) {
  const word = useWord()
  const fault = faults.find(({ at }) => at === name)
  const common = {
    label: word('setting', name),
    description: word('setting', `${name}.hint`),
    ...(fault !== undefined && { error: fault.text }),
    ...(isFirst && { 'data-autofocus': true }),
  }
  if (options !== undefined) {
    return (
      <NativeSelect
        {...common}
        value={value === '' ? (usual ?? '') : value}
        onChange={(event) => onChange(event.target.value)}
        data={options.map((option) => ({ value: option, label: word('word', option) }))}
      />
    )
  }
  return (
    <TextInput
      {...common}
      type={kind === 'date' ? 'date' : 'text'}
      inputMode={kind === 'amount' ? 'decimal' : kind === 'number' ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

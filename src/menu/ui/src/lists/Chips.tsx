import { Button, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Search } from '../api/queries.ts'
import classes from './Chips.module.css'
import type { Criterion, Wording } from './criterion.ts'
import { valueText } from './value-text.ts'

type Props = {
  criteria: readonly Criterion[]
  search: Search
  wording: Wording
  onChange: (changes: Search) => void
}

/** The criteria of a search, each a chip; together they are the URL. */
export function Chips({ criteria, search, wording, onChange }: Props) {
  const { t } = wording
  const chips = criteria.flatMap((criterion) => {
    const value = search[criterion.key]
    return value === undefined
      ? []
      : [{ criterion, name: t(criterion.label), value: valueText(criterion, value, wording) }]
  })
  if (chips.length === 0) return null
  return (
    <div className={classes.bar}>
      <ul className={classes.chips} aria-label={t('list.chosen')}>
        {chips.map(({ criterion, name, value }) => (
          <li key={criterion.key} className={classes.chip}>
            <span className={classes.words}>
              <span className={classes.name}>{name}</span> {value}
            </span>
            <UnstyledButton className={classes.remove} onClick={() => onChange({ [criterion.key]: undefined })}>
              {/* Its name is no label, or there were two of the field's. */}
              <VisuallyHidden>{t('list.remove', { name })}</VisuallyHidden>
              <IconX size={12} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
        <li>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => onChange(Object.fromEntries(criteria.map(({ key }) => [key, undefined])))}
          >
            {t('list.clearAll')}
          </Button>
        </li>
      </ul>
    </div>
  )
}

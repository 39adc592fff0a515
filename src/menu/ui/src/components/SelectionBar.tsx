import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'
import classes from './SelectionBar.module.css'

type Props = {
  count: number
  /** The sum of the selected rows. */
  sum: ReactNode
  onClear: () => void
  /** Selects all matching rows instead of the ticked ones. */
  onAll?: (() => void) | undefined
  /** All matching rows are selected. */
  all: boolean
  children: ReactNode
}

/** Takes the place of the chips while rows are selected, so the table doesn't move. */
export function SelectionBar({ count, sum, onClear, onAll, all, children }: Props) {
  const t = useText()
  return (
    <div className={classes.bar} role="region" aria-label={t('bulk.selected', { n: count })}>
      <strong>{all ? t('bulk.allSelected') : t('bulk.selected', { n: count })}</strong>
      <span>{sum}</span>
      {onAll && !all && (
        <Button variant="subtle" size="compact-sm" onClick={onAll}>
          {t('bulk.all')}
        </Button>
      )}
      <div className={classes.acts}>
        {children}
        <Button variant="subtle" size="compact-sm" onClick={onClear}>
          {t('bulk.clear')}
        </Button>
      </div>
    </div>
  )
}

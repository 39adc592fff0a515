import { IconArrowRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'
import classes from './BeforeAfter.module.css'

export type Change = {
  readonly name: string
  readonly before: ReactNode
  readonly after: ReactNode
}

/** The changes that a decision makes. Every decision is shown in this form before it is made. */
export function BeforeAfter({ changes, label }: { changes: readonly Change[]; label: string }) {
  const t = useText()
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('change.what')}</th>
          <th scope="col">{t('change.now')}</th>
          <td aria-hidden />
          <th scope="col">{t('change.then')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{before ?? '–'}</td>
            <td className={classes.arrow} aria-hidden>
              <IconArrowRight size={13} />
            </td>
            <td className={classes.after}>{after ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

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
        {changes.map(({ name, before, after }, i) => (
          // Two changes may have the same name, such as a card that was linked twice.
          <tr key={`${name} ${i}`}>
            <th scope="row">{name}</th>
            <td>{valueOf(before)}</td>
            <td className={classes.arrow} aria-hidden>
              <IconArrowRight size={13} />
            </td>
            <td className={classes.after}>{valueOf(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A masked card number may only be broken after its dots. */
function valueOf(value: ReactNode): ReactNode {
  if (typeof value !== 'string') return value ?? '–'
  const [, first, last] = /^(\d{6}\*+)(\d{4})$/u.exec(value) ?? []
  if (first === undefined) return value
  return (
    <>
      {first}
      <wbr />
      {last}
    </>
  )
}

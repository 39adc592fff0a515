import clsx from 'clsx'
import { type ReactNode, useId } from 'react'
import classes from './Panel.module.css'

type Props = {
  title?: ReactNode
  /** Beside the title: a fact in small type. */
  note?: ReactNode
  actions?: ReactNode
  /** Tables reach the panel's edge. */
  flush?: boolean
  children: ReactNode
}

export function Panel({ title, note, actions, flush = false, children }: Props) {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={title ? id : undefined}>
      {title && (
        <header className={classes.head}>
          <h2 id={id} className={classes.title}>
            {title}
          </h2>
          {note && <span className={classes.note}>{note}</span>}
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={clsx(classes.body, flush && classes.flush)}>{children}</div>
    </section>
  )
}

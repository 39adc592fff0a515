import clsx from 'clsx'
import type { ReactNode } from 'react'
import classes from './Callout.module.css'
import { Shape, type Tone } from './Status.tsx'

type Props = {
  tone: Exclude<Tone, 'plain'>
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}

/** A notice that a person needs before going on. At most one per page; a second one is a fault of the page. */
export function Callout({ tone, title, children, action }: Props) {
  return (
    <div className={clsx(classes.callout, classes[tone])}>
      <span className={classes.mark}>
        <Shape tone={tone} />
      </span>
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {children && <div className={classes.text}>{children}</div>}
      </div>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}

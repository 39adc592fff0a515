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

/** What a person has to know before going on. One a page; a second one means that the page is wrong. */
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

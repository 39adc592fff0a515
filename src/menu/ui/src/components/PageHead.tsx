import { Link } from '@tanstack/react-router'
import { IconChevronLeft } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './PageHead.module.css'

type Props = {
  /** The list this record came from. */
  parent?: { to: string; label: string }
  title: ReactNode
  status?: ReactNode
  /** One line of facts under the title. */
  facts?: ReactNode
  actions?: ReactNode
}

export function PageHead({ parent, title, status, facts, actions }: Props) {
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        {parent && (
          <Link to={parent.to} className={classes.parent}>
            <IconChevronLeft size={14} aria-hidden />
            {parent.label}
          </Link>
        )}
        <div className={classes.line}>
          <h1 className={classes.title}>{title}</h1>
          {status}
        </div>
        {facts && <div className={classes.facts}>{facts}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  )
}

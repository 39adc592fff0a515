import { Button, Skeleton } from '@mantine/core'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useLostAt } from '../api/connection.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { Shape, type Tone } from './Status.tsx'
import classes from './States.module.css'

type Props = {
  tone?: Tone
  title: string
  children: ReactNode
  action?: ReactNode
  /** In place of a whole page its title is the heading. */
  isPage?: boolean
}

/** A notice in place of a list: the cause and what to do. No pictures. */
export function Notice({ tone = 'plain', title, children, action, isPage = false }: Props) {
  const Title = isPage ? 'h1' : 'p'
  return (
    <div className={clsx(classes.notice, classes[tone])}>
      <Title className={classes.title}>
        <Shape tone={tone} />
        {title}
      </Title>
      <div className={classes.text}>{children}</div>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}

/** Rows of the height they will have, so that nothing jumps; shown only after 150 ms. */
export function TableSkeleton({ rows = 6, onCancel }: { rows?: number; onCancel?: () => void }) {
  const t = useText()
  return (
    <div className={classes.skeleton} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.skeletonRow}>
          <Skeleton height={10} width="9rem" />
          <Skeleton height={10} width={row % 3 ? '7rem' : '5.5rem'} />
          <Skeleton height={10} width={row % 2 ? '30%' : '38%'} />
          <Skeleton height={10} width="4rem" className={classes.end} />
        </div>
      ))}
      {onCancel !== undefined && (
        <Button variant="subtle" size="compact-sm" className={classes.cancel} onClick={onCancel}>
          {t('act.cancel')}
        </Button>
      )}
    </div>
  )
}

/** Shown while the server is unreachable: input is kept, and the data shown may be old. */
export function OfflineBar() {
  const t = useText()
  const format = useFormat()
  const lostAt = useLostAt()
  if (lostAt === null) return null
  return (
    <div className={classes.offline} role="status">
      <Shape tone="warn" />
      {t('state.offline', { time: format.clock(new Date(lostAt).toISOString()) })}
    </div>
  )
}

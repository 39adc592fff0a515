import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { useEffect } from 'react'
import { useText } from '../i18n/useText.ts'
import classes from './Announcements.module.css'
import { type Announcement, announce, useAnnouncement } from './announcements.ts'
import { Shape } from './Status.tsx'

/**
 * How long a message is shown. The message about a change that waits for somebody disappears, because the change is also on
 * its page and under Approvals, and may soon be decided. Warnings and failures stay until they are dismissed.
 */
const SHOWN_MS: Record<Announcement['tone'], number | null> = { good: 6_000, wait: 20_000, warn: null, bad: null }

export function Announcements() {
  const t = useText()
  const announcement = useAnnouncement()
  useEffect(() => {
    const shownMs = announcement === null ? null : SHOWN_MS[announcement.tone]
    if (shownMs === null) return undefined
    const timer = setTimeout(() => announce(null, ''), shownMs)
    return () => clearTimeout(timer)
  }, [announcement])
  return (
    <div role="status" className={classes.place}>
      {announcement !== null && (
        <div className={clsx(classes.line, classes[announcement.tone])}>
          <Shape tone={announcement.tone} />
          <span>
            {announcement.text} {announcement.to !== undefined && <Link to={announcement.to}>{announcement.link}</Link>}
          </span>
          <ActionIcon size="sm" aria-label={t('act.close')} onClick={() => announce(null, '')}>
            <IconX size={14} />
          </ActionIcon>
        </div>
      )}
    </div>
  )
}

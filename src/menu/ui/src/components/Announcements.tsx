import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { useEffect } from 'react'
import { useText } from '../i18n/useText.ts'
import classes from './Announcements.module.css'
import { announce, useAnnouncement } from './announcements.ts'
import { Shape } from './Status.tsx'

/** Messages of success disappear by themselves; failures stay until they are dismissed. */
const SHOWN_MS = 6000

export function Announcements() {
  const t = useText()
  const announcement = useAnnouncement()
  useEffect(() => {
    if (announcement?.tone !== 'good') return undefined
    const timer = setTimeout(() => announce(null, ''), SHOWN_MS)
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

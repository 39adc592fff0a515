import { Button, Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Notice } from '../components/States.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'

/** A slow search in progress: its duration, and a button that cancels it, in the database too. */
export function Searching({ onCancel }: { onCancel: () => void }) {
  const t = useText()
  const format = useFormat()
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const from = Date.now()
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - from) / 1000)), 500)
    return () => clearInterval(timer)
  }, [])
  return (
    <Notice
      tone="wait"
      title={t('list.searching')}
      action={<Button onClick={onCancel}>{t('list.searchCancel')}</Button>}
    >
      <Progress value={100} striped animated aria-label={t('list.searching')} />
      <p role="timer">{t('list.searchingFor', { seconds: format.count(seconds) })}</p>
    </Notice>
  )
}

export type LookedTo = { readonly soldAt: string | null }

/** A search that is only partly covered by an index and reads cards from the latest sale on: its progress, and a button that stops it. */
export function LookingOn({
  to: { soldAt },
  found,
  onCancel,
}: {
  to: LookedTo
  found: number
  /** Undefined: the search was stopped, and continues with the next page. */
  onCancel: (() => void) | undefined
}) {
  const t = useText()
  const format = useFormat()
  const far = soldAt === null ? t('list.lookedPastSold') : t('list.lookedTo', { day: format.day(soldAt) })
  const isLooking = onCancel !== undefined
  return (
    <Notice
      tone="wait"
      title={t(isLooking ? 'list.lookingOn' : 'list.lookedStopped')}
      action={isLooking && <Button onClick={onCancel}>{t('list.searchCancel')}</Button>}
    >
      {isLooking && <Progress value={100} striped animated aria-label={t('list.lookingOn')} />}
      <p>
        {far} {t('list.lookedFound', { n: format.count(found) })} {!isLooking && t('list.lookedNext')}
      </p>
    </Notice>
  )
}

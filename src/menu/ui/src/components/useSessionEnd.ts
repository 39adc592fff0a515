import { useEffect } from 'react'
import { call, hooks } from '../api/call.ts'
import { usePerson } from '../api/session.ts'
import { isServerToBeTold, unusedSeconds } from '../api/use.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { announce, unannounce } from './announcements.ts'

const LOOK_EVERY_MS = 5_000
/** How long before its end a session warns: what is typed by then can still be sent. */
const UNUSED_WARNING_S = 120
const LONGEST_WARNING_S = 600

/**
 * Warns before the session ends, after some minutes without use or twelve hours after signing in, and keeps it while somebody
 * types. Once it has ended, the page is left: nobody who comes by can read it.
 */
export function useSessionEnd(): void {
  const t = useText()
  const format = useFormat()
  const { idleMinutes, endsAt } = usePerson()
  useEffect(() => {
    const unusedText = t('session.unused')
    let warned: 'unused' | 'longest' | null = null
    const look = (): void => {
      const unused = unusedSeconds()
      const left = idleMinutes * 60 - unused
      const leftInAll = (Date.parse(endsAt) - Date.now()) / 1000
      if (left <= 0 || leftInAll <= 0) hooks.signedOut()
      else if (isServerToBeTold()) void call('session.show', {}).catch(() => undefined)
      if (left <= Math.min(UNUSED_WARNING_S, idleMinutes * 15)) {
        if (warned !== 'unused') announce('warn', unusedText)
        warned = 'unused'
      } else if (warned === 'unused') {
        unannounce(unusedText)
        warned = null
      }
      if (warned === null && leftInAll <= LONGEST_WARNING_S) {
        announce('warn', t('session.longest', { time: format.clock(endsAt) }))
        warned = 'longest'
      }
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    return () => {
      clearInterval(timer)
      unannounce(unusedText)
    }
  }, [t, format, idleMinutes, endsAt])
}

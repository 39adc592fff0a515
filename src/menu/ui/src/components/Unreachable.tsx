import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useText } from '../i18n/useText.ts'
import { Notice } from './States.tsx'
import classes from './Unreachable.module.css'

const TRY_EVERY_MS = 4000

/** The app opened without a connection: it says so and retries by itself. */
export function Unreachable({ onRetry }: { onRetry: () => void }) {
  const t = useText()
  useEffect(() => {
    const timer = setInterval(onRetry, TRY_EVERY_MS)
    return () => clearInterval(timer)
  }, [onRetry])
  return (
    <main className={classes.page}>
      <h1 className={classes.title}>AkartMenu</h1>
      <Notice tone="warn" title={t('state.offlineTitle')} action={<Button onClick={onRetry}>{t('act.retry')}</Button>}>
        {t('state.offlineText')}
      </Notice>
    </main>
  )
}

import { Button } from '@mantine/core'
import { type ReactNode, useContext } from 'react'
import { OfflineBar } from '../components/States.tsx'
import { Wordmark } from '../components/Wordmark.tsx'
import { GuestLanguageContext } from '../i18n/guest-language.ts'
import { useLanguage } from '../i18n/language.ts'
import { useText } from '../i18n/useText.ts'
import classes from './GuestPage.module.css'

/** The layout of pages without a session. */
export function GuestPage({ foot, children }: { foot?: string; children: ReactNode }) {
  const t = useText()
  const language = useLanguage()
  const setLanguage = useContext(GuestLanguageContext)
  const other = language === 'en' ? 'pl' : 'en'
  return (
    <main className={classes.page}>
      <div className={classes.sheet}>
        <div className={classes.head}>
          <Wordmark />
          <Button variant="subtle" size="compact-sm" lang={other} onClick={() => setLanguage(other)}>
            {t('top.language')}
          </Button>
        </div>
        <OfflineBar />
        {children}
        {foot !== undefined && (
          <p className={classes.foot}>
            {location.host} · {foot}
          </p>
        )}
      </div>
    </main>
  )
}

import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/useText.ts'
import { Notice } from './States.tsx'

export function NotFound() {
  const t = useText()
  return (
    <Notice isPage title={t('state.noPage')} action={<Link to="/">{t('state.home')}</Link>}>
      {t('state.noPageText')}
    </Notice>
  )
}

/** The page for an unknown path; without a session it has no frame. */
export const NotFoundAlone = () => (
  <main style={{ padding: 'var(--ak-8)' }}>
    <NotFound />
  </main>
)

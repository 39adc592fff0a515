import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/useText.ts'
import { Notice } from './States.tsx'

export function NotFound() {
  const t = useText()
  return (
    <Notice title={t('state.noPage')} action={<Link to="/">{t('state.home')}</Link>}>
      {t('state.noPageText')}
    </Notice>
  )
}

/** Without a session there is no frame around it. */
export const NotFoundAlone = () => (
  <main style={{ padding: 'var(--ak-8)' }}>
    <NotFound />
  </main>
)

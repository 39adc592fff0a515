import { Button } from '@mantine/core'
import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, type ReactNode } from 'react'
import { ApiProblem } from '../api/call.ts'
import type { TextId } from '../i18n/texts.ts'
import { useText } from '../i18n/useText.ts'
import { PageHead } from './PageHead.tsx'
import { Notice } from './States.tsx'

type BoundaryProps = { onReset: () => void; children: ReactNode }

/** React catches errors of rendering with a class only. */
class Catcher extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }
  static getDerivedStateFromError = (error: Error) => ({ error })

  override render() {
    if (this.state.error === null) return this.props.children
    const retry = (): void => {
      this.props.onReset()
      this.setState({ error: null })
    }
    return <Problem isPage error={this.state.error} onRetry={retry} />
  }
}

/** Shows a failure in place of its children, with a way to try again. */
export function Boundary({ children }: { children: ReactNode }) {
  return (
    <QueryErrorResetBoundary>{({ reset }) => <Catcher onReset={reset}>{children}</Catcher>}</QueryErrorResetBoundary>
  )
}

/** Shown in place of a page that this person may not see. */
export function NoRight({ page }: { page: TextId }) {
  const t = useText()
  return (
    <>
      <PageHead title={t(page)} />
      <Notice title={t('state.rightTitle')}>{t('state.rightText')}</Notice>
    </>
  )
}

type ProblemProps = { error: Error; onRetry: () => void; isPage?: boolean }

/** A failure in place of the content: the cause, what was not changed, and what to do. */
export function Problem({ error, onRetry, isPage = false }: ProblemProps) {
  const t = useText()
  const status = error instanceof ApiProblem ? error.status : -1
  const again = <Button onClick={onRetry}>{t('act.retry')}</Button>
  if (status === 0) {
    return (
      <Notice isPage={isPage} tone="warn" title={t('state.offlineTitle')} action={again}>
        {t('state.offlineText')}
      </Notice>
    )
  }
  if (status === 403)
    return <Notice isPage={isPage} title={t('state.rightTitle')}>{`${error.message} ${t('state.rightText')}`}</Notice>
  if (status === 404)
    return <Notice isPage={isPage} title={t('state.goneTitle')}>{`${error.message} ${t('state.goneText')}`}</Notice>
  return (
    <Notice isPage={isPage} tone="bad" title={t('state.errorTitle')} action={again}>
      {error instanceof ApiProblem ? <Numbered problem={error} /> : t('state.broken')}
    </Notice>
  )
}

/** A fault of the server has one sentence in the reader's language; a refusal begins with its own sentence. */
function Numbered({ problem: { code, message, requestId } }: { problem: ApiProblem }) {
  const t = useText()
  return (
    <>
      {code === 'internal_error' ? '' : `${message} `}
      {t('state.errorText')} <strong>{requestId}</strong>
    </>
  )
}

import { ApiProblem } from '../api/call.ts'
import type { useText } from '../i18n/useText.ts'

/** The text of a failure: the server's sentence, or that there is no connection and nothing was lost. */
export function problemText(error: unknown, t: ReturnType<typeof useText>): string {
  if (!(error instanceof ApiProblem)) return t('state.broken')
  if (error.status === 0) return t('state.offlineShort')
  if (error.code === 'internal_error') return `${t('state.errorText')} ${error.requestId}`
  return error.status >= 500 && error.requestId !== '' ? `${error.message} (${error.requestId})` : error.message
}

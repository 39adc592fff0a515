import type { Answer } from '../../api/call.ts'
import { Status, type Tone } from '../../components/Status.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'

export type IssueRecord = Answer<'issues.show'>
type State = IssueRecord['state']

const TONES: Record<State, Tone> = {
  draft: 'warn',
  generated: 'wait',
  exported: 'wait',
  activated: 'plain',
  closed: 'plain',
}

export function IssueState({ state }: { state: State }) {
  const t = useText()
  return <Status tone={TONES[state]}>{t(`issueState.${state}`)}</Status>
}

/** The expiry of its cards, in words. */
export function useValidity(): (of: { validUntil: string | null; validityMonths: number | null }) => string {
  const t = useText()
  const format = useFormat()
  return ({ validUntil, validityMonths }) => {
    if (validUntil !== null) return t('issue.validUntil', { day: format.date(validUntil) })
    return validityMonths === null ? t('issue.noEnd') : t('issue.validMonths', { n: validityMonths })
  }
}

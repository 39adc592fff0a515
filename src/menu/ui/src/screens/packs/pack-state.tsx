import type { Answer } from '../../api/call.ts'
import { Status, type Tone } from '../../components/Status.tsx'
import { useText } from '../../i18n/useText.ts'

export type PackRecord = Answer<'packs.show'>
export type PackRow = Answer<'packs.list'>['items'][number]

export const PACK_STATES = [
  'made',
  'dispatched',
  'received',
  'active',
  'selling',
  'sold',
  'returned',
  'killed',
] as const

const TONES: Record<PackRow['state'], Tone> = {
  made: 'plain',
  dispatched: 'wait',
  received: 'plain',
  active: 'plain',
  selling: 'wait',
  sold: 'plain',
  returned: 'plain',
  killed: 'bad',
}

export function PackState({ state, authorised }: Pick<PackRow, 'state' | 'authorised'>) {
  const t = useText()
  if (state === 'active' && !authorised) return <Status tone="wait">{t('pack.notAuthorised')}</Status>
  return <Status tone={TONES[state]}>{t(`packState.${state}`)}</Status>
}

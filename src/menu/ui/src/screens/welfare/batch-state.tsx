import type { Answer } from '../../api/call.ts'
import { Status, type Tone } from '../../components/Status.tsx'
import { useText } from '../../i18n/useText.ts'

export type Batch = Answer<'welfare.show'>['batch']

const TONES: Record<Batch['state'], Tone> = {
  reading: 'wait',
  checked: 'plain',
  proposed: 'wait',
  approved: 'wait',
  booked: 'good',
  refused: 'bad',
  withdrawn: 'plain',
  failed: 'bad',
}

export function BatchState({ state, stops }: Pick<Batch, 'state' | 'stops'>) {
  const t = useText()
  const tone = state === 'checked' && stops > 0 ? 'warn' : TONES[state]
  return <Status tone={tone}>{t(`batch.${state}`)}</Status>
}

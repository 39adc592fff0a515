import type { Answer } from '../api/call.ts'
import { useText } from '../i18n/useText.ts'
import { Status, type Tone } from './Status.tsx'

type Row = Answer<'cards.list'>['items'][number]

const TONES: Record<Row['state'], Tone> = {
  inactive: 'plain',
  sellable: 'plain',
  sold: 'plain',
  expired: 'warn',
  closed: 'bad',
  replaced: 'warn',
}

/** The state of a card; if the card is blocked, the block, because that is what counts at a till. */
export function CardState({ state, block }: Pick<Row, 'state' | 'block'>) {
  const t = useText()
  return block === null ? (
    <Status tone={TONES[state]}>{t(`cardState.${state}`)}</Status>
  ) : (
    <Status tone="bad">{t('cardState.blocked', { kind: t(`block.${block}`) })}</Status>
  )
}

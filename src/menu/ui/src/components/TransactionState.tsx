import type { Answer } from '../api/call.ts'
import { useText } from '../i18n/useText.ts'
import { Status, type Tone } from './Status.tsx'

type Row = Answer<'transactions.list'>['items'][number]

const TONES: Record<Row['state'], Tone> = {
  declined: 'bad',
  pending: 'wait',
  unconfirmed: 'wait',
  confirmed: 'plain',
  reversed: 'plain',
  cancelled: 'plain',
}

export function TransactionState({ state }: Pick<Row, 'state'>) {
  const t = useText()
  return <Status tone={TONES[state]}>{t(`transactionState.${state}`)}</Status>
}

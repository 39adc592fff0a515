import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import form from '../../components/Form.module.css'
import { ReasonForm } from '../../components/ReasonForm.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import type { CardRecord } from './card-record.ts'
import classes from './Revealed.module.css'

const SHOWN_SECONDS = 60

/** The whole number, for a reason that is on record, and for a minute. */
export function Revealed({ card, onClose }: { card: CardRecord; onClose: () => void }) {
  const t = useText()
  const [revealed, setRevealed] = useState<Answer<'cards.reveal'> | null>(null)
  if (revealed !== null) return <Number {...revealed} onClose={onClose} />
  return (
    <ReasonForm
      lead={t('card.lead.reveal')}
      act={t('card.reveal')}
      run={async (reason) => setRevealed(await call('cards.reveal', { params: { id: card.id }, body: { reason } }))}
      onClose={onClose}
    />
  )
}

function Number({ number, leftToday, onClose }: Answer<'cards.reveal'> & { onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const [left, setLeft] = useState(SHOWN_SECONDS)
  useEffect(() => {
    const until = performance.now() + SHOWN_SECONDS * 1000
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - performance.now()) / 1000)
      setLeft(seconds)
      if (seconds <= 0) onClose()
    }, 250)
    return () => clearInterval(timer)
  }, [onClose])
  return (
    <div className={form.form}>
      <p className={classes.number}>{number.match(/.{1,4}/g)?.join(' ')}</p>
      <p className={form.hint}>
        {t('card.revealed', { seconds: format.count(Math.max(left, 0)), left: format.count(leftToday) })}
      </p>
      <div className={form.acts}>
        <Button data-autofocus onClick={onClose}>
          {t('act.close')}
        </Button>
      </div>
    </div>
  )
}

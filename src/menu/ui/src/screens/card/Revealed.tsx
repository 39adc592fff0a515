import { Button, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import form from '../../components/Form.module.css'
import { useSubmit } from '../../components/useSubmit.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import type { CardRecord } from './card-record.ts'
import classes from './Revealed.module.css'

const SHOWN_SECONDS = 60

/** The whole number, for a reason that is on record, and for a minute. */
export function Revealed({ card, onClose }: { card: CardRecord; onClose: () => void }) {
  const t = useText()
  const [reason, setReason] = useState('')
  const [revealed, setRevealed] = useState<Answer<'cards.reveal'> | null>(null)
  const { problem, busy, submit } = useSubmit(async () => {
    setRevealed(await call('cards.reveal', { params: { id: card.id }, body: { reason: reason.trim() } }))
  })
  if (revealed !== null) return <Number {...revealed} onClose={onClose} />
  return (
    <form className={form.form} onSubmit={submit}>
      <p>{t('card.lead.reveal')}</p>
      <Textarea
        data-autofocus
        label={t('field.reason')}
        description={t('reason.hint')}
        rows={2}
        maxLength={200}
        required
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {problem !== null && (
        <p role="alert" className={form.problem}>
          {problem}
        </p>
      )}
      <div className={form.acts}>
        <Button onClick={onClose}>{t('act.cancel')}</Button>
        <Button type="submit" variant="filled" loading={busy}>
          {t('card.reveal')}
        </Button>
      </div>
    </form>
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

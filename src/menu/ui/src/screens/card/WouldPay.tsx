import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { Callout } from '../../components/Callout.tsx'
import { FormProblem } from '../../components/FormProblem.tsx'
import { Panel } from '../../components/Panel.tsx'
import { problemText } from '../../components/problem-text.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'
import { useKeys } from '../../keyboard/keys.ts'
import { parseMoney } from '../../lists/money-text.ts'
import type { CardRecord } from './card-record.ts'
import classes from '../screens.module.css'

/** "What would a payment say?": the decision of a till, without a payment. */
export function WouldPay({ card }: { card: CardRecord }) {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  const { exponent } = card.ledger
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const ask = useMutation({
    mutationFn: (amount: number) => call('cards.wouldPay', { params: { id: card.id }, query: { amount } }),
  })
  useKeys({ w: () => field.current?.select() })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const amount = parseMoney(text, exponent)
    setWrong(amount === null || amount <= 0)
    if (amount !== null && amount > 0) ask.mutate(amount)
  }
  const verdict = ask.data
  return (
    <Panel title={t('card.whatIf')}>
      <form onSubmit={submit} className={classes.stack}>
        <div className={classes.ask}>
          <TextInput
            ref={field}
            label={t('card.whatIfAmount', { currency: card.currency })}
            inputMode="decimal"
            autoComplete="off"
            required
            error={wrong && t('money.wrong')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" loading={ask.isPending}>
            {t('card.ask')}
          </Button>
        </div>
        <FormProblem text={ask.error && problemText(ask.error, t)} />
        {verdict !== undefined && (
          <div role="status">
            <Callout
              tone={verdict.approved ? 'good' : 'bad'}
              title={t(verdict.approved ? 'card.wouldApprove' : 'card.wouldDecline', {
                asked: format.money(verdict.amount),
                response: verdict.response,
              })}
            >
              <p>{localized(verdict.why.sentence)}</p>
              {verdict.approved ? (
                verdict.after !== null && <p>{t('card.wouldRemain', { rest: format.money(verdict.after) })}</p>
              ) : (
                <p>{localized(verdict.why.remedy)}</p>
              )}
            </Callout>
          </div>
        )}
      </form>
    </Panel>
  )
}

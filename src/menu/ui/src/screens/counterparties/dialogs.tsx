import { Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { ReasonField } from '../../components/ReasonField.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useToday } from '../../i18n/useToday.ts'
import { useText } from '../../i18n/useText.ts'
import { parseMoney } from '../../lists/money-text.ts'

/** The decimals of currencies with more or less than two (ISO 4217). */
const EXPONENTS: Readonly<Record<string, number>> = { HUF: 2, JPY: 0, KRW: 0, ISK: 0, KWD: 3, BHD: 3 }
const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2

type Props = { code: string; currency: string; onClose: () => void }

type AskProps = {
  title: string
  act: string
  onClose: () => void
  onSend: () => Promise<{ approval: string }>
  children: ReactNode
}

/** A dialog whose request waits for a second person. */
function Ask({ title, act, onClose, onSend, children }: AskProps) {
  const t = useText()
  const client = useQueryClient()
  const { problem, busy, submit } = useSubmit(async () => {
    await onSend()
    void client.invalidateQueries({ queryKey: ['counterparties'] })
    announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        {children}
        <FormActs problem={problem} busy={busy} act={act} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function useMoneyField(first: string) {
  const t = useText()
  const [text, setText] = useState('')
  const [currency, setCurrency] = useState(first)
  const read = (): number => {
    const amount = parseMoney(text, exponentOf(currency))
    if (amount === null) throw new Error(t('counterparties.wrongAmount', { text }))
    return amount
  }
  return { text, setText, currency, setCurrency, read }
}

type Field = ReturnType<typeof useMoneyField>

function CurrencyInput({ field: { currency, setCurrency } }: { field: Field }) {
  const t = useText()
  return (
    <TextInput
      label={t('counterparties.currency')}
      required
      maxLength={3}
      pattern="[A-Z]{3}"
      value={currency}
      onChange={(event) => setCurrency(event.target.value.toUpperCase())}
    />
  )
}

export function PayDialog({ code, currency, onClose }: Props) {
  const t = useText()
  const field = useMoneyField(currency)
  const [paidOn, setPaidOn] = useState(useToday())
  const [reference, setReference] = useState('')
  const [note, setNote] = useState('')
  return (
    <Ask
      title={t('counterparties.pay')}
      act={t('counterparties.pay')}
      onClose={onClose}
      onSend={async () =>
        call('counterparties.pay', {
          params: { code },
          body: {
            amount: field.read(),
            currency: field.currency,
            paidOn,
            reference: reference.trim(),
            note: note.trim(),
          },
        })
      }
    >
      <TextInput
        data-autofocus
        label={t('field.amount')}
        inputMode="decimal"
        required
        value={field.text}
        onChange={(event) => field.setText(event.target.value)}
      />
      <CurrencyInput field={field} />
      <TextInput
        type="date"
        label={t('counterparties.paidOn')}
        required
        value={paidOn}
        onChange={(event) => setPaidOn(event.target.value)}
      />
      <TextInput
        label={t('field.reference')}
        required
        maxLength={35}
        value={reference}
        onChange={(event) => setReference(event.target.value)}
      />
      <Textarea
        label={t('counterparties.note')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Ask>
  )
}

export function LimitDialog({ code, currency, onClose }: Props) {
  const t = useText()
  const field = useMoneyField(currency)
  const [reason, setReason] = useState('')
  return (
    <Ask
      title={t('counterparties.setLimit')}
      act={t('counterparties.setLimit')}
      onClose={onClose}
      onSend={async () =>
        call('counterparties.limit', {
          params: { code },
          body: {
            amount: field.text.trim() === '' ? null : field.read(),
            currency: field.currency,
            reason: reason.trim(),
          },
        })
      }
    >
      <TextInput
        data-autofocus
        label={t('field.amount')}
        description={t('counterparties.limitHint')}
        inputMode="decimal"
        value={field.text}
        onChange={(event) => field.setText(event.target.value)}
      />
      <CurrencyInput field={field} />
      <ReasonField value={reason} onChange={setReason} />
    </Ask>
  )
}

export function CorrectDialog({ id, reference, onClose }: { id: string; reference: string; onClose: () => void }) {
  const t = useText()
  const [reason, setReason] = useState('')
  return (
    <Ask
      title={t('counterparties.correctTitle', { reference })}
      act={t('counterparties.correct')}
      onClose={onClose}
      onSend={() => call('counterparties.correct', { params: { id }, body: { reason: reason.trim() } })}
    >
      <p>{t('counterparties.correctText')}</p>
      <ReasonField first value={reason} onChange={setReason} />
    </Ask>
  )
}

/** Closes a counterparty: nothing more is sold to it, and its debt remains. */
export function CloseDialog({ code, onClose }: Omit<Props, 'currency'>) {
  const t = useText()
  const client = useQueryClient()
  const { problem, busy, submit } = useSubmit(async () => {
    await call('counterparties.close', { params: { code }, body: {} })
    await client.invalidateQueries({ queryKey: ['counterparties'] })
    void client.invalidateQueries({ queryKey: ['choices'] })
    announce('good', t('counterparties.isClosed', { code }))
    onClose()
  })
  return (
    <Dialog title={`${t('counterparties.close')} ${code}`} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('counterparties.closeText')}</p>
        <FormActs problem={problem} busy={busy} act={t('counterparties.close')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

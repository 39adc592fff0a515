import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { counterpartiesQuery } from '../../api/queries.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { Notice } from '../../components/States.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useToday } from '../../i18n/useToday.ts'
import { useText } from '../../i18n/useText.ts'
import { moneyText, parseMoney } from '../../lists/money-text.ts'

export type Employer = Answer<'welfare.list'>['employers'][number]

/** The defaults of a new employer: the example of the tax act. */
const NEW = {
  yearlyLimit: { value: 1_000_00, currency: 'PLN', exponent: 2 },
  legalNote: 'Art. 21 ust. 1 pkt 67 ustawy o podatku dochodowym od osób fizycznych: 1000 zł w roku podatkowym',
  paidFirst: false,
  language: 'pl',
  email: null,
  waiting: null,
} as const

type Props = { readonly employer: Employer | null; readonly onClose: () => void }

/** Makes a counterparty an employer, or changes an employer's settings. */
export function EmployerDialog({ employer, onClose }: Props) {
  const t = useText()
  const client = useQueryClient()
  const { decimalMark } = useFormat()
  const { yearlyLimit, legalNote, paidFirst, language, email, waiting } = employer ?? NEW
  const counterparties = useQuery({ ...counterpartiesQuery, enabled: employer === null }).data?.items ?? []
  const open = counterparties.filter(({ state }) => state === 'open')
  const [chosen, setCode] = useState('')
  const code = employer?.code ?? (chosen === '' ? (open[0]?.code ?? '') : chosen)
  const [limit, setLimit] = useState(moneyText(yearlyLimit.value, yearlyLimit.exponent, decimalMark))
  const [note, setNote] = useState<string>(legalNote)
  const [more, setMore] = useState<PayAndMailValue>({
    isPaidFirst: paidFirst,
    mailLanguage: language,
    address: email ?? '',
  })
  const { problem, busy, submit } = useSubmit(async () => {
    const amount = parseMoney(limit, yearlyLimit.exponent)
    if (amount === null || amount <= 0) throw new Error(t('counterparties.wrongAmount', { text: limit }))
    const { isPaidFirst, mailLanguage, address } = more
    const body = { code, yearlyLimit: amount, currency: yearlyLimit.currency, legalNote: note.trim(), paidFirst: isPaidFirst, language: mailLanguage, email: address.trim() === '' ? null : address.trim() } // prettier-ignore
    const { approval } = await call('welfare.makeEmployer', { body })
    await client.invalidateQueries({ queryKey: ['welfare'] })
    if (approval === null) announce('good', t('welfare.employerKept', { code }))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onClose()
  })
  return (
    <Dialog title={employer === null ? t('welfare.addEmployer') : employer.name} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        {waiting !== null && <Waiting {...waiting} />}
        {employer === null && (
          <NativeSelect
            data-autofocus
            label={t('welfare.counterparty')}
            description={t('welfare.counterpartyText')}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            data={open.map((one) => ({ value: one.code, label: `${one.name} (${one.code})` }))}
          />
        )}
        <TextInput
          {...(employer !== null && { 'data-autofocus': true })}
          label={t('welfare.yearlyLimitIn', { currency: yearlyLimit.currency })}
          description={t('welfare.limitText')}
          inputMode="decimal"
          required
          value={limit}
          onChange={(event) => setLimit(event.target.value)}
        />
        <Textarea
          label={t('welfare.legalNote')}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <PayAndMail value={more} onChange={setMore} />
        <FormActs problem={problem} busy={busy} disabled={code === ''} act={t('act.save')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

/** The settings that take effect only when a second person approves them. */
function Waiting({ yearlyLimit, paidFirst, by }: NonNullable<Employer['waiting']>) {
  const t = useText()
  const { amount } = useFormat()
  return (
    <Notice tone="wait" title={t('welfare.settingsWait')}>
      {t('welfare.settingsWaitText', {
        by,
        limit: amount(yearlyLimit),
        currency: yearlyLimit.currency,
        paid: String(paidFirst),
      })}{' '}
      <Link to="/approvals">{t('page.approvals')}</Link>
    </Notice>
  )
}

type PayAndMailValue = { readonly isPaidFirst: boolean; readonly mailLanguage: 'en' | 'pl'; readonly address: string }
type PayAndMailProps = { readonly value: PayAndMailValue; readonly onChange: (value: PayAndMailValue) => void }

function PayAndMail({ value, onChange }: PayAndMailProps) {
  const t = useText()
  return (
    <>
      <Checkbox
        label={t('welfare.paidFirst')}
        checked={value.isPaidFirst}
        onChange={(event) => onChange({ ...value, isPaidFirst: event.target.checked })}
      />
      <NativeSelect
        label={t('field.language')}
        description={t('welfare.languageText')}
        value={value.mailLanguage}
        onChange={(event) => onChange({ ...value, mailLanguage: event.target.value === 'en' ? 'en' : 'pl' })}
        data={[
          { value: 'pl', label: 'Polski' },
          { value: 'en', label: 'English' },
        ]}
      />
      <TextInput
        label={t('field.email')}
        description={t('welfare.emailText')}
        type="email"
        maxLength={254}
        value={value.address}
        onChange={(event) => onChange({ ...value, address: event.target.value })}
      />
    </>
  )
}

/** The employer's statement of a period, as a file. */
export function StatementDialog({ employer, onClose }: { readonly employer: string; readonly onClose: () => void }) {
  const t = useText()
  const today = useToday()
  const [from, setFrom] = useState(`${today.slice(0, 4)}-01-01`)
  const [to, setTo] = useState(today)
  const href = `/api/welfare/employers/${employer}/statement?from=${from}&to=${to}`
  return (
    <Dialog title={t('welfare.statement')} onClose={onClose}>
      <div className={form.form}>
        <p>{t('welfare.statementText')}</p>
        <TextInput
          data-autofocus
          type="date"
          label={t('field.from')}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextInput type="date" label={t('field.to')} value={to} onChange={(event) => setTo(event.target.value)} />
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          <Button component="a" href={`${href}&format=csv`} download>
            CSV
          </Button>
          <Button component="a" variant="filled" href={`${href}&format=xlsx`} download>
            XLSX
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

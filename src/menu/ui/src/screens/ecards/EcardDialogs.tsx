import { NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useIntl } from 'react-intl'
import { type Answer, call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { ReasonDialog } from '../../components/ReasonDialog.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import { parseMoney } from '../../lists/money-text.ts'
import { useWording } from '../../lists/useWording.ts'
import type { EcardRow } from './ecard-row.ts'

type Issue = Answer<'ecards.list'>['issues'][number]
const LANGUAGES = ['en', 'pl'] as const
type Language = (typeof LANGUAGES)[number]
const NAMES = { en: 'English', pl: 'Polski' } as const

/** The data for the second person: the card, the amount, the payer and the address. */
export function SellEcard({ issues, onClose }: { issues: readonly Issue[]; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [issue, setIssue] = useState(issues[0]?.code ?? '')
  const [amount, setAmount] = useState('')
  const [buyer, setBuyer] = useState('')
  const [email, setEmail] = useState('')
  const [language, setLanguage] = useState<Language>(useIntl().locale.startsWith('pl') ? 'pl' : 'en')
  const chosen = issues.find(({ code }) => code === issue)
  const minor = chosen === undefined || amount.trim() === '' ? null : parseMoney(amount, chosen.minimum.exponent)
  const isWrong = amount.trim() !== '' && (minor === null || minor <= 0)
  const isOpen = chosen?.nominal === null
  const sell = async (reason: string): Promise<void> => {
    const [kind, ...code] = buyer.split(':')
    const body = {
      issue,
      amount: isOpen ? minor : null,
      buyer: { kind: kind === 'store' ? 'store' : 'counterparty', code: code.join(':') },
      email: email.trim(),
      language,
      reason,
    } as const
    await call('ecards.sell', { body })
    announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    await client.invalidateQueries({ queryKey: ['ecards'] })
  }
  return (
    <ReasonDialog
      title={t('ecard.sellTitle')}
      lead={t('ecard.sellLead')}
      act={t('ecard.sell')}
      ready={buyer !== '' && email.includes('@') && !isWrong && (!isOpen || minor !== null)}
      onClose={onClose}
      run={sell}
    >
      <NativeSelect
        data-autofocus
        label={t('field.issue')}
        value={issue}
        onChange={(event) => setIssue(event.target.value)}
        data={issues.map(({ code }) => code)}
      />
      {chosen !== undefined && <Sum issue={chosen} amount={amount} isWrong={isWrong} onChange={setAmount} />}
      <Buyer currency={chosen?.currency} buyer={buyer} onChange={setBuyer} />
      <Address email={email} onChange={setEmail} />
      <NativeSelect
        label={t('ecard.language')}
        value={language}
        onChange={(event) => setLanguage(event.target.value === 'pl' ? 'pl' : 'en')}
        data={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
      />
    </ReasonDialog>
  )
}

type SumProps = { issue: Issue; amount: string; isWrong: boolean; onChange: (amount: string) => void }

/** The nominal, or an amount within the limits of the issue. */
function Sum({ issue: { nominal, minimum, maximum }, amount, isWrong, onChange }: SumProps) {
  const t = useText()
  const format = useFormat()
  if (nominal !== null) return <p>{t('ecard.nominal', { amount: format.money(nominal) })}</p>
  return (
    <TextInput
      label={t('field.amount')}
      description={t('ecard.range', { from: format.money(minimum), to: format.money(maximum) })}
      inputMode="decimal"
      autoComplete="off"
      required
      error={isWrong && t('money.wrong')}
      value={amount}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

type BuyerProps = { currency: string | undefined; buyer: string; onChange: (buyer: string) => void }

function Buyer({ currency, buyer, onChange }: BuyerProps) {
  const { t, choices } = useWording()
  const stores = choices.stores.filter((store) => store.currency === currency)
  return (
    <NativeSelect
      label={t('ecard.buyer')}
      required
      value={buyer}
      onChange={(event) => onChange(event.target.value)}
      data={[
        { value: '', label: '' },
        { group: t('page.stores'), items: stores.map(({ code, name }) => ({ value: `store:${code}`, label: name })) },
        {
          group: t('page.counterparties'),
          items: choices.counterparties.map(({ code, name }) => ({ value: `counterparty:${code}`, label: name })),
        },
      ]}
    />
  )
}

type AddressProps = { email: string; description?: string; onChange: (email: string) => void }

function Address({ email, description, onChange }: AddressProps) {
  const t = useText()
  return (
    <TextInput
      label={t('ecard.address')}
      description={description}
      type="email"
      required
      maxLength={254}
      autoComplete="off"
      value={email}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

/** Sends the mail again with a new code; to another address only after a second person has approved it. */
export function ResendEcard({ ecard, onClose }: { ecard: EcardRow; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [email, setEmail] = useState(ecard.email)
  const isOther = email.trim().toLowerCase() !== ecard.email.toLowerCase()
  const resend = async (reason: string): Promise<void> => {
    const { approval } = await call('ecards.resend', {
      params: { id: ecard.id },
      body: { email: email.trim(), reason },
    })
    if (approval === null) announce('good', t('ecard.resent'))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    await client.invalidateQueries({ queryKey: ['ecards'] })
  }
  return (
    <ReasonDialog
      title={t('ecard.resendTitle', { id: ecard.id })}
      lead={t('ecard.resendLead')}
      act={t('ecard.resend')}
      ready={email.includes('@')}
      onClose={onClose}
      run={resend}
    >
      <Address
        email={email}
        description={isOther ? t('ecard.otherAddress') : t('ecard.sameAddress')}
        onChange={setEmail}
      />
    </ReasonDialog>
  )
}

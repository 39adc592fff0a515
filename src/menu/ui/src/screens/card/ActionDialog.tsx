import { NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { ReasonForm } from '../../components/ReasonForm.tsx'
import { useText } from '../../i18n/useText.ts'
import { useScanner } from '../../keyboard/scanner.ts'
import { BLOCK_KINDS } from '../../lists/card-criteria.ts'
import { parseMoney } from '../../lists/money-text.ts'
import type { CardAction, CardRecord } from './card-record.ts'
import { Revealed } from './Revealed.tsx'

type Asked = {
  readonly kind: (typeof BLOCK_KINDS)[number]
  readonly amount: string
  readonly until: string
  /** The new card of a duplicate; the scanned or typed number is not kept here. */
  readonly onto: { readonly handle: string; readonly lastFour: string } | null
}
type Done = Answer<'cards.block'>
type Set = (change: Partial<Asked>) => void
type FieldsProps = { card: CardRecord; asked: Asked; set: Set }

type Act = {
  /** The fields beside the reason. */
  readonly fields: ((props: FieldsProps) => ReactNode) | null
  readonly run: (card: CardRecord, asked: Asked, reason: string) => Promise<Done>
  /** The required amount or card is still missing. */
  readonly isReady: (card: CardRecord, asked: Asked) => boolean
}

const always = (): boolean => true
const paramsOf = ({ id }: CardRecord) => ({ id })

const ACTS: Record<Exclude<CardAction, 'reveal'>, Act> = {
  block: {
    fields: KindField,
    isReady: always,
    run: (card, { kind }, reason) => call('cards.block', { params: paramsOf(card), body: { kind, reason } }),
  },
  unblock: {
    fields: null,
    isReady: always,
    run: (card, _, reason) => call('cards.unblock', { params: paramsOf(card), body: { reason } }),
  },
  clear: {
    fields: null,
    isReady: always,
    run: (card, _, reason) => call('cards.clear', { params: paramsOf(card), body: { reason } }),
  },
  extend: {
    fields: UntilField,
    isReady: (_, { until }) => until !== '',
    run: (card, { until }, reason) => call('cards.extend', { params: paramsOf(card), body: { until, reason } }),
  },
  adjust: {
    fields: AmountField,
    isReady: (card, { amount }) => (parseMoney(amount, card.ledger.exponent) ?? 0) !== 0,
    run: (card, { amount }, reason) =>
      call('cards.adjust', {
        params: paramsOf(card),
        body: { amount: parseMoney(amount, card.ledger.exponent) ?? 0, reason },
      }),
  },
  duplicate: {
    fields: OntoField,
    isReady: (_, { onto }) => onto !== null,
    run: (card, { onto }, reason) =>
      call('cards.duplicate', { params: paramsOf(card), body: { onto: onto?.handle ?? '', reason } }),
  },
}

type Props = { card: CardRecord; action: CardAction; onClose: () => void }

/** No "Are you sure?": the title names the act, the text its consequences, and the button repeats the verb. */
export function ActionDialog({ card, action, onClose }: Props) {
  const t = useText()
  return (
    <Dialog title={`${t(`card.do.${action}`)} •••• ${card.number.lastFour}`} onClose={onClose}>
      {action === 'reveal' ? (
        <Revealed card={card} onClose={onClose} />
      ) : (
        <ActionForm card={card} action={action} onClose={onClose} />
      )}
    </Dialog>
  )
}

function ActionForm({ card, action, onClose }: Props & { action: Exclude<CardAction, 'reveal'> }) {
  const t = useText()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked>({ kind: 'customer', amount: '', until: '', onto: null })
  const { fields: Fields, run, isReady } = ACTS[action]
  const proposes = card.actions.find((one) => one.action === action)?.secondPerson ?? false
  const take = async (reason: string): Promise<void> => {
    const { approval } = await run(card, asked, reason)
    await client.invalidateQueries({ queryKey: ['card', card.id] })
    await client.invalidateQueries({ queryKey: ['cards'] })
    if (approval === null) announce('good', t(`card.done.${action}`))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onClose()
  }
  return (
    <ReasonForm
      lead={
        <>
          <p>{t(`card.lead.${action}`)}</p>
          {proposes && <p className={form.hint}>{t('act.secondPerson')}</p>}
        </>
      }
      act={t(action === 'adjust' ? 'act.propose' : `card.${action}`)}
      ready={isReady(card, asked)}
      run={take}
      onClose={onClose}
    >
      {Fields !== null && (
        <Fields card={card} asked={asked} set={(change) => setAsked((now) => ({ ...now, ...change }))} />
      )}
    </ReasonForm>
  )
}

function KindField({ asked, set }: FieldsProps) {
  const t = useText()
  return (
    <NativeSelect
      data-autofocus
      label={t('field.kind')}
      value={asked.kind}
      data={BLOCK_KINDS.map((kind) => ({ value: kind, label: t(`block.${kind}`) }))}
      onChange={(event) => set({ kind: BLOCK_KINDS.find((kind) => kind === event.target.value) ?? 'customer' })}
    />
  )
}

function UntilField({ asked, set }: FieldsProps) {
  const t = useText()
  return (
    <TextInput
      data-autofocus
      type="date"
      label={t('field.until')}
      required
      value={asked.until}
      onChange={(event) => set({ until: event.target.value })}
    />
  )
}

function AmountField({ card, asked, set }: FieldsProps) {
  const t = useText()
  const wrong = asked.amount !== '' && parseMoney(asked.amount, card.ledger.exponent) === null && asked.amount !== '-'
  return (
    <TextInput
      data-autofocus
      label={t('field.amount')}
      description={t('card.adjustHint', { currency: card.currency })}
      inputMode="text"
      autoComplete="off"
      required
      error={wrong && t('money.wrong')}
      value={asked.amount}
      onChange={(event) => set({ amount: event.target.value })}
    />
  )
}

/** The new card is scanned, swiped or typed; only a handle of it is kept. */
function OntoField({ asked: { onto }, set }: FieldsProps) {
  const t = useText()
  const [text, setText] = useState('')
  const look = async (typed: string, by: 'typed' | 'scan' | 'swipe'): Promise<void> => {
    if (typed.trim() === '') return
    try {
      const { handle, hits } = await call('find.search', { body: { text: typed.trim(), by } })
      const number = hits.find(({ kind }) => kind === 'card')?.card ?? null
      set({ onto: handle === null || number === null ? null : { handle, lastFour: number.lastFour } })
      if (handle === null || number === null) announce('warn', t('find.none'))
    } finally {
      setText('')
    }
  }
  useScanner(({ text: scanned, by }) => void look(scanned, by))
  return (
    <TextInput
      data-autofocus
      label={t('card.onto')}
      description={onto === null ? t('card.ontoHint') : t('card.ontoFound', { lastFour: onto.lastFour })}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void look(text, 'typed')}
    />
  )
}

import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { FormProblem } from '../../components/FormProblem.tsx'
import { ListUpload } from '../../components/ListUpload.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import { useScanner } from '../../keyboard/scanner.ts'

export type Employee = Answer<'welfare.employees'>['items'][number]

type Base = { readonly employer: string; readonly onClose: () => void }

/** A scan while a dialog is open selects the card. */
function useCard() {
  const [card, setCard] = useState('')
  useScanner(({ text }) => setCard(text))
  return [card, setCard] as const
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

export function AddEmployee({ employer, onClose }: Base) {
  const t = useText()
  const client = useQueryClient()
  const [number, setNumber] = useState('')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [card, setCard] = useCard()
  const { problem, busy, submit } = useSubmit(async () => {
    const body = { number: number.trim(), name: name.trim(), email: orNull(email), card: orNull(card) }
    await call('welfare.addEmployee', { params: { code: employer }, body })
    await client.invalidateQueries({ queryKey: ['welfare'] })
    announce('good', t('welfare.added', { name: name.trim() }))
    onClose()
  })
  return (
    <Dialog title={t('welfare.addEmployee')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('welfare.employeeNumber')}
          required
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
        <TextInput
          label={t('welfare.employeeName')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextInput
          label={t('field.email')}
          type="email"
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <CardField card={card} setCard={setCard} />
        <FormActs problem={problem} busy={busy} act={t('welfare.addEmployee')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

/** Imports employees and their cards from a file: all rows or none. */
export function ImportEmployees({ employer, onClose }: Base) {
  const t = useText()
  const client = useQueryClient()
  return (
    <ListUpload
      title={t('welfare.importEmployees')}
      act={t('welfare.importEmployees')}
      hint={t('welfare.importHint')}
      onClose={onClose}
      onSend={async (file) => {
        const { added, linked, unchanged } = await call('welfare.importEmployees', { params: { code: employer }, body: file }) // prettier-ignore
        await client.invalidateQueries({ queryKey: ['welfare'] })
        announce('good', t('welfare.imported', { added, linked, unchanged }))
        onClose()
      }}
    />
  )
}

function CardField({
  card,
  setCard,
  isFirst = false,
}: {
  card: string
  setCard: (card: string) => void
  isFirst?: boolean
}) {
  const t = useText()
  return (
    <TextInput
      {...(isFirst && { 'data-autofocus': true })}
      label={t('welfare.card')}
      description={t('welfare.linkText')}
      autoComplete="off"
      maxLength={200}
      value={card}
      onChange={(event) => setCard(event.target.value)}
    />
  )
}

/** Links a first or another card, removes the link, or ends the employment. */
export function ChangeEmployee({ employer, employee, onClose }: Base & { readonly employee: Employee }) {
  const t = useText()
  const client = useQueryClient()
  const [card, setCard] = useCard()
  const { number, name, state } = employee
  const params = { code: employer }
  const done = async (message: string): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['welfare'] })
    announce('good', message)
    onClose()
  }
  const link = useSubmit(async () => {
    await call('welfare.link', { params, body: { number, card: card.trim() } })
    await done(t('welfare.linked', { name }))
  })
  const unlink = useSubmit(async () => {
    await call('welfare.link', { params, body: { number, card: null } })
    await done(t('welfare.linked', { name }))
  })
  const leave = useSubmit(async () => {
    await call('welfare.leave', { params, body: { number } })
    await done(t('welfare.hasLeft', { name }))
  })
  return (
    <Dialog title={`${number} ${name}`} onClose={onClose}>
      <form className={form.form} onSubmit={link.submit}>
        {state === 'active' && <CardField card={card} setCard={setCard} isFirst />}
        <FormProblem text={link.problem ?? unlink.problem ?? leave.problem} />
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          {state === 'active' && (
            <Button loading={leave.busy} onClick={leave.submit}>
              {t('welfare.leaves')}
            </Button>
          )}
          {employee.card !== null && (
            <Button loading={unlink.busy} onClick={unlink.submit}>
              {t('welfare.unlink')}
            </Button>
          )}
          {state === 'active' && (
            <Button type="submit" variant="filled" loading={link.busy} disabled={card.trim() === ''}>
              {t('welfare.link')}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  )
}

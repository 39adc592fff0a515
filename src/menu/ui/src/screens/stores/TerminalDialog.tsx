import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useStored } from '../../i18n/stored.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import { ComponentForm } from './ComponentForm.tsx'
import { RecordDialog } from './RecordDialog.tsx'
import { useTerminalFields } from './registry-fields.ts'
import type { TerminalAct, TerminalRecord } from './terminal-record.ts'

type Props = { act: TerminalAct; terminal: TerminalRecord; onClose: () => void }

/** The dialog of each act on a terminal. */
export function TerminalDialog({ act, terminal, onClose }: Props) {
  switch (act) {
    case 'edit':
      return <Edit terminal={terminal} onClose={onClose} />
    case 'give':
      return <ComponentForm terminal={terminal} onClose={onClose} />
    case 'bind':
      return <Bind terminal={terminal} onClose={onClose} />
    case 'remove':
      return <Remove terminal={terminal} onClose={onClose} />
    case 'policy':
    case 'signOn':
      return <Toggle act={act} terminal={terminal} onClose={onClose} />
  }
}

type Of = Omit<Props, 'act'>

function Edit({ terminal, onClose }: Of) {
  const t = useText()
  const stored = useStored()
  const client = useQueryClient()
  return (
    <RecordDialog
      title={t('terminal.edit')}
      act={t('act.save')}
      lead={t('registry.reason.lead')}
      fields={useTerminalFields(terminal)}
      asksReason
      onClose={onClose}
      run={async (settings, reason) => {
        const params = { code: terminal.code }
        const { differences, approval } = await call('terminals.change', { params, body: { settings, reason } })
        await client.invalidateQueries({ queryKey: ['terminals'] })
        if (approval !== null) {
          announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
          return
        }
        const what = stored(differences.join(', '))
        announce('good', what === '' ? t('store.unchanged') : t('store.changed', { what }))
      }}
    />
  )
}

type SmallProps = { title: string; lead: string; children?: ReactNode; run: () => Promise<void>; onClose: () => void }

function Small({ title, lead, children, run, onClose }: SmallProps) {
  const client = useQueryClient()
  const { problem, busy, submit } = useSubmit(async () => {
    await run()
    await client.invalidateQueries({ queryKey: ['terminals'] })
    onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{lead}</p>
        {children}
        <FormActs problem={problem} busy={busy} act={title} onClose={onClose} />
      </form>
    </Dialog>
  )
}

/** An act that weakens the terminal's security waits for a second person who asks for the same. */
function useToldWhether() {
  const t = useText()
  return (waits: boolean): void => announce(waits ? 'wait' : 'good', t(waits ? 'key.waits' : 'act.saved'))
}

/** Done, or under Approvals until a second person approves. */
function useToldApproval() {
  const t = useText()
  return (approval: string | null): void => {
    if (approval === null) announce('good', t('act.saved'))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
  }
}

function Toggle({ act, terminal, onClose }: Of & { act: 'policy' | 'signOn' }) {
  const t = useText()
  const told = useToldWhether()
  const asked = useToldApproval()
  const params = { code: terminal.code }
  if (act === 'signOn') {
    return (
      <Small
        title={t(terminal.signOn ? 'terminal.noDemand' : 'terminal.demand')}
        lead={t(terminal.signOn ? 'terminal.noDemandLead' : 'terminal.demandLead', { code: terminal.code })}
        onClose={onClose}
        run={async () => {
          asked((await call('terminals.signOn', { params, body: { required: !terminal.signOn } })).approval)
        }}
      />
    )
  }
  return (
    <Small
      title={t(terminal.macRequired ? 'key.optionalMac' : 'key.requireMac')}
      lead={terminal.macRequired ? t('key.removeLead') : t('key.requireMacLead', { code: terminal.code })}
      onClose={onClose}
      run={async () =>
        told((await call('terminals.macPolicy', { params, body: { required: !terminal.macRequired } })).waits)
      }
    />
  )
}

const LOADED = ['mac', 'kbpk', 'bdk'] as const

function Remove({ terminal, onClose }: Of) {
  const t = useText()
  const word = useWord()
  const told = useToldWhether()
  const there = LOADED.filter((purpose) => terminal.keys?.some((key) => key.purpose === purpose))
  const [purpose, setPurpose] = useState<(typeof LOADED)[number]>(there[0] ?? 'mac')
  return (
    <Small
      title={t('key.remove')}
      lead={t('key.removeLead')}
      onClose={onClose}
      run={async () =>
        told((await call('terminals.removeKey', { params: { code: terminal.code }, body: { purpose } })).waits)
      }
    >
      <NativeSelect
        label={t('key.purpose')}
        value={purpose}
        onChange={(event) => setPurpose(LOADED.find((one) => one === event.target.value) ?? 'mac')}
        data={there.map((value) => ({ value, label: word('keyPurpose', value) }))}
      />
    </Small>
  )
}

const NAMED_BY = ['fingerprint', 'subject'] as const

function Bind({ terminal, onClose }: Of) {
  const t = useText()
  const asked = useToldApproval()
  const [by, setBy] = useState<(typeof NAMED_BY)[number]>('fingerprint')
  const [name, setName] = useState('')
  const [remove, setRemove] = useState(false)
  const plain = by === 'fingerprint' ? name.replaceAll(/[\s:]/g, '').toLowerCase() : name.trim()
  return (
    <Small
      title={t('terminal.bind')}
      lead={t('terminal.bindLead')}
      onClose={onClose}
      run={async () => {
        const params = { code: terminal.code }
        asked((await call('terminals.bind', { params, body: { by, name: plain, remove } })).approval)
      }}
    >
      <NativeSelect
        label={t('terminal.bindBy')}
        value={by}
        onChange={(event) => setBy(NAMED_BY.find((one) => one === event.target.value) ?? 'fingerprint')}
        data={NAMED_BY.map((one) => ({ value: one, label: t(`terminal.by.${one}`) }))}
      />
      <TextInput
        data-autofocus
        label={t('registry.name')}
        required
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Checkbox label={t('terminal.unbind')} checked={remove} onChange={(event) => setRemove(event.target.checked)} />
    </Small>
  )
}

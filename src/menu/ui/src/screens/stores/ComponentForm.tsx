import { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import type { TerminalRecord } from './terminal-record.ts'

const PURPOSES = ['mac', 'kbpk', 'bdk'] as const
const CIPHERS = ['tdes', 'aes'] as const
type Begun = {
  readonly cipher: string
  readonly components: string
  readonly whole: string
  readonly replaces: boolean
}

/** One custodian's component; the field is cleared as soon as it is sent, even if the component is refused. */
export function ComponentForm({ terminal, onClose }: { terminal: TerminalRecord; onClose: () => void }) {
  const t = useText()
  const word = useWord()
  const client = useQueryClient()
  const [purpose, setPurpose] = useState<(typeof PURPOSES)[number]>('mac')
  const [hex, setHex] = useState('')
  const [checkValue, setCheckValue] = useState('')
  const [isFirst, setIsFirst] = useState(false)
  const [begun, setBegun] = useState<Begun>({ cipher: '', components: '2', whole: '', replaces: false })
  const { problem, busy, submit } = useSubmit(async () => {
    const component = { hex: hex.replaceAll(/\s/g, ''), checkValue: checkValue.trim() }
    const begins = {
      algorithm: CIPHERS.find((one) => one === begun.cipher) ?? null,
      components: Number(begun.components),
      checkValue: begun.whole.trim(),
      replaces: begun.replaces,
    }
    setHex('')
    const body = { purpose, component, begins: isFirst ? begins : null }
    const {
      checkValue: loaded,
      given,
      of,
    } = await call('terminals.giveComponent', { params: { code: terminal.code }, body })
    await client.invalidateQueries({ queryKey: ['terminals'] })
    if (loaded === null) announce('wait', t('key.given', { given, of }))
    else announce('good', t('key.loaded', { checkValue: loaded }))
    onClose()
  })
  return (
    <Dialog title={`${t('key.give')}: ${terminal.code}`} onClose={onClose}>
      <form className={form.form} onSubmit={submit} autoComplete="off">
        <p>{t('key.giveLead')}</p>
        <NativeSelect
          label={t('key.purpose')}
          value={purpose}
          onChange={(event) => setPurpose(PURPOSES.find((one) => one === event.target.value) ?? 'mac')}
          data={PURPOSES.map((value) => ({ value, label: word('keyPurpose', value) }))}
        />
        <PasswordInput
          data-autofocus
          label={t('key.component')}
          description={t('key.componentHint')}
          autoComplete="off"
          required
          value={hex}
          onChange={(event) => setHex(event.target.value)}
        />
        <TextInput
          label={t('key.checkValue')}
          maxLength={10}
          required
          value={checkValue}
          onChange={(event) => setCheckValue(event.target.value)}
        />
        <Checkbox label={t('key.first')} checked={isFirst} onChange={(event) => setIsFirst(event.target.checked)} />
        {isFirst && <BeginFields begun={begun} set={(change) => setBegun((now) => ({ ...now, ...change }))} />}
        <FormActs problem={problem} busy={busy} act={t('key.give')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

/** The first person describes the key. */
function BeginFields({ begun, set }: { begun: Begun; set: (change: Partial<Begun>) => void }) {
  const t = useText()
  return (
    <>
      <div className={form.pair}>
        <NativeSelect
          label={t('key.cipher')}
          value={begun.cipher}
          onChange={(event) => set({ cipher: event.target.value })}
          data={[{ value: '', label: t('key.asMac') }, ...CIPHERS]}
        />
        <NativeSelect
          label={t('key.components')}
          value={begun.components}
          onChange={(event) => set({ components: event.target.value })}
          data={['2', '3']}
        />
      </div>
      <TextInput
        label={t('key.whole')}
        maxLength={10}
        required
        value={begun.whole}
        onChange={(event) => set({ whole: event.target.value })}
      />
      <Checkbox
        label={t('key.replaces')}
        checked={begun.replaces}
        onChange={(event) => set({ replaces: event.target.checked })}
      />
    </>
  )
}

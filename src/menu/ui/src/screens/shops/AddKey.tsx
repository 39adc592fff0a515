import { Checkbox, Input, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { OneTimeSecret } from '../../components/OneTimeSecret.tsx'
import { useText } from '../../i18n/useText.ts'
import screens from '../screens.module.css'

const SCOPES = ['cards', 'payments', 'top-ups', 'refunds', 'sales', 'webhooks'] as const
type Scope = (typeof SCOPES)[number]
const KINDS = ['secret', 'publishable'] as const
const lines = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

function useNewKey(shop: string) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof KINDS)[number]>('secret')
  const [scopes, setScopes] = useState<readonly Scope[]>(['cards'])
  const [origins, setOrigins] = useState('')
  const [networks, setNetworks] = useState('')
  const [added, setAdded] = useState<Answer<'shops.addKey'> | null>(null)
  const { problem, busy, submit } = useSubmit(async () => {
    const isSecret = kind === 'secret'
    const body = {
      name: name.trim(),
      kind,
      scopes: isSecret ? [...scopes] : [],
      origins: isSecret ? [] : lines(origins),
      networks: lines(networks),
    }
    setAdded(await call('shops.addKey', { params: { code: shop }, body }))
    await client.invalidateQueries({ queryKey: ['shops'] })
  })
  return {
    name,
    setName,
    kind,
    setKind,
    scopes,
    setScopes,
    origins,
    setOrigins,
    networks,
    setNetworks,
    added,
    problem,
    busy,
    submit,
  }
}

/** A new key, shown once. */
export function AddKey({ shop, onClose }: { shop: string; onClose: () => void }) {
  const t = useText()
  const key = useNewKey(shop)
  const { kind, scopes, setScopes, origins, setOrigins, networks, setNetworks, added } = key
  if (added !== null) {
    const waits = added.approval === null ? '' : ` ${t('shop.keyWaits')}`
    return (
      <OneTimeSecret
        title={t('shop.keyShown')}
        text={`${t('shop.keyShownText')}${waits}`}
        secret={added.key}
        onClose={onClose}
      />
    )
  }
  const toggle = (scope: Scope): void =>
    setScopes((now) => (now.includes(scope) ? now.filter((one) => one !== scope) : [...now, scope]))
  return (
    <Dialog title={t('shop.addKey')} onClose={onClose}>
      <form className={form.form} onSubmit={key.submit}>
        <p>{t('shop.addKeyLead')}</p>
        <TextInput
          data-autofocus
          label={t('shop.keyName')}
          maxLength={40}
          required
          value={key.name}
          onChange={(event) => key.setName(event.target.value)}
        />
        <NativeSelect
          label={t('shop.keyKind')}
          value={kind}
          onChange={(event) => key.setKind(KINDS.find((one) => one === event.target.value) ?? 'secret')}
          data={KINDS.map((one) => ({ value: one, label: t(`keyKind.${one}`) }))}
        />
        {kind === 'secret' ? (
          <Scopes scopes={scopes} toggle={toggle} />
        ) : (
          <Textarea
            label={t('shop.origins')}
            description={t('shop.originsHint')}
            rows={2}
            required
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
        )}
        <Textarea
          label={t('shop.networks')}
          description={t('shop.networksHint')}
          rows={2}
          value={networks}
          onChange={(event) => setNetworks(event.target.value)}
        />
        <FormActs problem={key.problem} busy={key.busy} act={t('shop.addKey')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function Scopes({ scopes, toggle }: { scopes: readonly Scope[]; toggle: (scope: Scope) => void }) {
  const t = useText()
  return (
    <Input.Wrapper label={t('shop.scopes')} labelElement="div">
      <div className={screens.boxes} role="group" aria-label={t('shop.scopes')}>
        {SCOPES.map((scope) => (
          <Checkbox key={scope} label={scope} checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
        ))}
      </div>
    </Input.Wrapper>
  )
}

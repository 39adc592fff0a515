import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import { OneTimeLink } from './OneTimeLink.tsx'
import { RolesFields } from './RolesFields.tsx'

/** A person is invited: the link is shown once, here. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const [invitation, setInvitation] = useState<Answer<'users.invite'> | null>(null)
  return (
    <Dialog title={t('users.inviteTitle')} onClose={onClose}>
      {invitation === null ? (
        <InviteForm onInvited={setInvitation} onClose={onClose} />
      ) : (
        <OneTimeLink invitation={invitation} onClose={onClose} />
      )}
    </Dialog>
  )
}

function InviteForm({
  onInvited,
  onClose,
}: {
  onInvited: (invitation: Answer<'users.invite'>) => void
  onClose: () => void
}) {
  const t = useText()
  const client = useQueryClient()
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<string[]>([])
  const [stores, setStores] = useState<string[]>([])
  const { problem, busy, submit } = useSubmit(async () => {
    const body = {
      login: login.trim(),
      name: name.trim(),
      email: email.trim() === '' ? null : email.trim(),
      roles,
      stores,
    }
    onInvited(await call('users.invite', { body }))
    await client.invalidateQueries({ queryKey: ['users'] })
  })
  return (
    <form className={form.form} onSubmit={submit}>
      <p>{t('users.inviteLead')}</p>
      <TextInput
        data-autofocus
        label={t('field.login')}
        description={t('users.loginHint')}
        pattern="[a-z][a-z0-9._\-]{1,39}"
        maxLength={40}
        autoComplete="off"
        required
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <TextInput
        label={t('field.name')}
        maxLength={100}
        autoComplete="off"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextInput
        label={t('field.email')}
        type="email"
        maxLength={200}
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RolesFields roles={roles} stores={stores} onRoles={setRoles} onStores={setStores} />
      <FormActs problem={problem} busy={busy} disabled={roles.length === 0} act={t('users.invite')} onClose={onClose} />
    </form>
  )
}

import { useState } from 'react'
import { call } from '../api/call.ts'
import { usePerson, useSetSession } from '../api/session.ts'
import { useText } from '../i18n/useText.ts'
import { CodeField } from './CodeField.tsx'
import { Dialog } from './Dialog.tsx'
import { PasswordField } from './PasswordField.tsx'
import { useSubmit } from './useSubmit.ts'
import classes from './Form.module.css'
import { FormActs } from './FormActs.tsx'

/** Password, and code where the person has codes, once more; good for five minutes. */
export function ProveDialog({ onDone }: { onDone: (proven: boolean) => void }) {
  const t = useText()
  const { totp } = usePerson()
  const setSession = useSetSession()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    setSession(await call('session.prove', { body: { password, ...(totp && { code: code.trim() }) } }))
    onDone(true)
  })
  return (
    <Dialog title={t('prove.title')} onClose={() => onDone(false)} size="24rem">
      <form className={classes.form} onSubmit={submit}>
        <p>{t('prove.lead')}</p>
        <PasswordField first kind="current" label={t('sign.password')} value={password} onChange={setPassword} />
        {totp && <CodeField value={code} onChange={setCode} />}
        <FormActs problem={problem} busy={busy} act={t('prove.do')} onClose={() => onDone(false)} />
      </form>
    </Dialog>
  )
}

import { Button } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import { usePerson, useSetSession } from '../api/session.ts'
import { useText } from '../i18n/useText.ts'
import { CodeField } from './CodeField.tsx'
import { Dialog } from './Dialog.tsx'
import { PasswordField } from './PasswordField.tsx'
import { problemText } from './problem-text.ts'
import classes from './Form.module.css'
import { FormProblem } from './FormProblem.tsx'

/** Password, and code where the person has codes, once more; good for five minutes. */
export function ProveDialog({ onDone }: { onDone: (proven: boolean) => void }) {
  const t = useText()
  const { totp } = usePerson()
  const setSession = useSetSession()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      setSession(await call('session.prove', { body: { password, ...(totp && { code }) } }))
      onDone(true)
    } catch (error) {
      setProblem(problemText(error, t))
    }
  }
  return (
    <Dialog title={t('prove.title')} onClose={() => onDone(false)} size="24rem">
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <p>{t('prove.lead')}</p>
        <PasswordField first kind="current" label={t('sign.password')} value={password} onChange={setPassword} />
        {totp && <CodeField value={code} onChange={setCode} />}
        <FormProblem text={problem} />
        <div className={classes.acts}>
          <Button onClick={() => onDone(false)}>{t('act.cancel')}</Button>
          <Button type="submit" variant="filled">
            {t('prove.do')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

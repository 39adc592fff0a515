import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { FormProblem } from '../components/FormProblem.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { Problem } from '../components/Problem.tsx'
import { TableSkeleton } from '../components/States.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { useText } from '../i18n/useText.ts'
import { GuestPage } from './GuestPage.tsx'
import classes from './GuestPage.module.css'

/** The one-time link of an invitation: `/invitation#TOKEN`. The part after # is never sent in a URL. */
export function Invitation() {
  const [token] = useState(() => location.hash.slice(1))
  const { data, error, refetch } = useQuery({
    queryKey: ['invitation'],
    queryFn: () => call('invitation.show', { body: { token } }),
    retry: false,
    gcTime: 0,
  })
  return (
    <GuestPage>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && <TableSkeleton rows={4} />}
      {data !== undefined && <Accept token={token} {...data} />}
    </GuestPage>
  )
}

type Props = { token: string; login: string; name: string; needsCode: boolean }

function Accept({ token, login, name, needsCode }: Props) {
  const t = useText()
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [code, setCode] = useState('')
  const differs = again !== '' && again !== password
  const { problem, busy, submit } = useSubmit(async () => {
    if (differs) return
    await call('invitation.accept', { body: { token, password, ...(needsCode && { code: code.trim() }) } })
    await navigate({ to: '/sign-in', replace: true })
  })
  return (
    <form onSubmit={submit} className={classes.form}>
      <h1 className={classes.title}>{t('invitation.title', { name })}</h1>
      <p className={classes.lead}>{t('invitation.lead', { login })}</p>
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <PasswordField kind="new" label={t('sign.password')} value={password} onChange={setPassword} />
      <PasswordField
        kind="again"
        error={differs && t('password.differs')}
        label={t('password.again')}
        value={again}
        onChange={setAgain}
      />
      {needsCode && (
        <TextInput
          label={t('sign.code')}
          description={t('invitation.code')}
          required
          maxLength={24}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      <FormProblem text={problem} />
      <Button type="submit" variant="filled" fullWidth loading={busy}>
        {t('invitation.do')}
      </Button>
    </form>
  )
}

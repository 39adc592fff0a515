import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import form from '../components/Form.module.css'
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
      <PasswordInput
        label={t('sign.password')}
        description={t('password.hint')}
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={128}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('sign.show') }}
      />
      <PasswordInput
        label={t('password.again')}
        autoComplete="new-password"
        required
        error={differs && t('password.differs')}
        value={again}
        onChange={(event) => setAgain(event.target.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('sign.show') }}
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
      {problem !== null && (
        <p role="alert" className={form.problem}>
          {problem}
        </p>
      )}
      <Button type="submit" variant="filled" fullWidth loading={busy}>
        {t('invitation.do')}
      </Button>
    </form>
  )
}

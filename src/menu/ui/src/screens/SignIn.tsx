import { Button, TextInput } from '@mantine/core'
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import type { Search } from '../api/queries.ts'
import { type Session, useSession, useSetSession } from '../api/session.ts'
import { useSignOut } from '../api/sign-out.ts'
import { Callout } from '../components/Callout.tsx'
import { CodeField } from '../components/CodeField.tsx'
import { FormProblem } from '../components/FormProblem.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { useText } from '../i18n/useText.ts'
import { Enrolment } from './Enrolment.tsx'
import { GuestPage } from './GuestPage.tsx'
import classes from './GuestPage.module.css'

/** Returns only to a path of this app. */
const isOurs = (to: string | undefined): to is string =>
  to !== undefined && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in')

export function SignIn() {
  const t = useText()
  const session = useSession()
  const setSession = useSetSession()
  const navigate = useNavigate()
  const search: Search = useSearch({ strict: false })
  const [showsCodes, setShowsCodes] = useState(false)
  useEffect(() => {
    if (session.state === 'signedIn' && !showsCodes) {
      void navigate({ href: isOurs(search.to) ? search.to : '/', replace: true })
    }
  }, [session.state, search.to, showsCodes, navigate])
  const hasEnded = useRouterState({ select: ({ location }) => location.state.ended === true })
  const step = showsCodes ? 'enrolment' : session.state
  return (
    <GuestPage foot={t('sign.idle')}>
      {step === 'signedOut' && hasEnded && (
        <div className={classes.notice}>
          <Callout tone="wait" title={t('session.ended')}>
            {t('session.endedText')}
          </Callout>
        </div>
      )}
      {step === 'signedOut' && <PasswordStep onSession={setSession} />}
      {step === 'code' && <CodeStep onSession={setSession} />}
      {step === 'enrolment' && (
        <Enrolment verb="sign.in" onCodes={() => setShowsCodes(true)} onDone={() => setShowsCodes(false)} />
      )}
    </GuestPage>
  )
}

type StepProps = { onSession: (session: Session) => void }

function PasswordStep({ onSession }: StepProps) {
  const t = useText()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { problem, busy, submit } = useSubmit(async () =>
    onSession(await call('session.signIn', { body: { login: login.trim(), password } })),
  )
  return (
    <form onSubmit={submit} className={classes.form}>
      <h1 className={classes.title}>{t('sign.title')}</h1>
      <TextInput
        label={t('sign.login')}
        autoComplete="username"
        autoFocus
        required
        maxLength={40}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <PasswordField kind="current" label={t('sign.password')} value={password} onChange={setPassword} />
      <FormProblem text={problem} />
      <Button type="submit" variant="filled" fullWidth loading={busy}>
        {t('sign.in')}
      </Button>
    </form>
  )
}

function CodeStep({ onSession }: StepProps) {
  const t = useText()
  const signOut = useSignOut()
  const [code, setCode] = useState('')
  const { problem, busy, submit } = useSubmit(async () =>
    onSession(await call('session.code', { body: { code: code.trim() } })),
  )
  return (
    <form onSubmit={submit} className={classes.form}>
      <h1 className={classes.title}>{t('sign.codeTitle')}</h1>
      <p className={classes.lead}>{t('sign.codeLead')}</p>
      <CodeField autoFocus large value={code} onChange={setCode} />
      <FormProblem text={problem} />
      <Button type="submit" variant="filled" fullWidth loading={busy}>
        {t('sign.in')}
      </Button>
      <Button variant="subtle" className={classes.back ?? ''} onClick={signOut}>
        {t('sign.back')}
      </Button>
    </form>
  )
}

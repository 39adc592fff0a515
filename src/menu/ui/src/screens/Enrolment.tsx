import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { sessionQuery } from '../api/session.ts'
import { CodeField } from '../components/CodeField.tsx'
import { FormProblem } from '../components/FormProblem.tsx'
import { Problem } from '../components/Problem.tsx'
import { TableSkeleton } from '../components/States.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { useText } from '../i18n/useText.ts'
import classes from './GuestPage.module.css'

type Props = {
  /** The label of the button; at sign-in it continues. */
  verb: 'sign.in' | 'prove.do'
  /** The recovery codes are on the screen: the page stays until they are saved. */
  onCodes: () => void
  onDone: () => void
}

/** An authenticator is set up: its picture, one code as proof, then ten recovery codes, shown once. */
export function Enrolment({ verb, onCodes, onDone }: Props) {
  const t = useText()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null)
  const enrolment = useQuery({
    queryKey: ['enrolment'],
    queryFn: () => call('session.enrol', { body: {} }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const { problem, busy, submit } = useSubmit(async () => {
    const confirmed = await call('session.confirmEnrolment', { body: { code: code.trim() } })
    onCodes()
    setRecoveryCodes(confirmed.recoveryCodes)
  })
  const finish = async (): Promise<void> => {
    await client.fetchQuery({ ...sessionQuery, staleTime: 0 })
    onDone()
  }
  if (recoveryCodes !== null) return <RecoveryCodes codes={recoveryCodes} onKept={() => void finish()} />
  if (enrolment.error !== null) return <Problem error={enrolment.error} onRetry={() => void enrolment.refetch()} />
  if (enrolment.data === undefined) return <TableSkeleton rows={4} />
  const { svg, secret } = enrolment.data
  return (
    <form onSubmit={submit} className={classes.form}>
      <h1 className={classes.title}>{t('enrol.title')}</h1>
      <p className={classes.lead}>{t('enrol.lead')}</p>
      <img className={classes.qr} src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={t('enrol.picture')} />
      <p className={classes.secret}>
        {t('enrol.secret')} <strong>{secret.match(/.{1,4}/g)?.join(' ')}</strong>
      </p>
      <CodeField large value={code} onChange={setCode} />
      <FormProblem text={problem} />
      <Button type="submit" variant="filled" fullWidth loading={busy}>
        {t(verb)}
      </Button>
    </form>
  )
}

function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useText()
  return (
    <div className={classes.form}>
      <h1 className={classes.title}>{t('enrol.codes')}</h1>
      <p className={classes.lead}>{t('enrol.codesLead')}</p>
      <ol className={classes.codes} aria-label={t('enrol.codes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Button variant="filled" fullWidth onClick={onKept}>
        {t('enrol.kept')}
      </Button>
    </div>
  )
}

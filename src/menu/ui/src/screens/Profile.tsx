import { Button, NativeSelect } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { usePreferences } from '../api/preferences.ts'
import { profileQuery } from '../api/queries.ts'
import { usePerson } from '../api/session.ts'
import { announce } from '../components/announcements.ts'
import { DataTable } from '../components/DataTable.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Facts } from '../components/Facts.tsx'
import form from '../components/Form.module.css'
import { FormProblem } from '../components/FormProblem.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { problemText } from '../components/problem-text.ts'
import { useSubmit } from '../components/useSubmit.ts'
import { When } from '../components/When.tsx'
import { useRoleName } from '../components/useRoleName.ts'
import { useText } from '../i18n/useText.ts'
import { browserName } from './browser-name.ts'
import classes from './screens.module.css'

const Enrolment = lazy(() => import('./Enrolment.tsx').then((module) => ({ default: module.Enrolment })))

type ProfileRecord = Answer<'profile.show'>

/** One's own language, theme, password, codes and sessions. */
export function Profile() {
  const t = useText()
  const profile = useSuspenseQuery(profileQuery).data
  return (
    <>
      <PageHead title={t('page.profile')} facts={`${profile.name} · ${profile.login}`} />
      <div className={classes.stack}>
        <div className={classes.halves}>
          <Preferences />
          <Codes profile={profile} />
        </div>
        <Sessions profile={profile} />
        <div className={classes.halves}>
          <Password login={profile.login} />
        </div>
      </div>
    </>
  )
}

function Preferences() {
  const t = useText()
  const { language, theme, roles, stores } = usePerson()
  const roleName = useRoleName(roles)
  const { setLanguage, setTheme } = usePreferences()
  return (
    <Panel title={t('profile.preferences')}>
      <div className={form.form}>
        <div className={form.pair}>
          <NativeSelect
            label={t('field.language')}
            value={language ?? ''}
            onChange={(event) =>
              setLanguage(event.target.value === 'pl' ? 'pl' : event.target.value === 'en' ? 'en' : null)
            }
            data={[
              { value: '', label: t('profile.browser') },
              { value: 'en', label: 'English' },
              { value: 'pl', label: 'Polski' },
            ]}
          />
          <NativeSelect
            label={t('field.theme')}
            value={theme}
            onChange={(event) =>
              setTheme(event.target.value === 'dark' ? 'dark' : event.target.value === 'light' ? 'light' : 'auto')
            }
            data={[
              { value: 'auto', label: t('profile.device') },
              { value: 'light', label: t('profile.light') },
              { value: 'dark', label: t('profile.dark') },
            ]}
          />
        </div>
        <Facts
          facts={[
            [t('field.roles'), roles.map(roleName).join(', ')],
            [t('field.stores'), stores === null ? t('users.allStores') : stores.map(({ name }) => name).join(', ')],
          ]}
        />
      </div>
    </Panel>
  )
}

function Codes({ profile: { totp, recoveryCodesLeft } }: { profile: ProfileRecord }) {
  const t = useText()
  const client = useQueryClient()
  const [enrolling, setEnrolling] = useState(false)
  const enrol = t(totp ? 'profile.enrolAnew' : 'profile.enrol')
  const close = (): void => {
    setEnrolling(false)
    void client.invalidateQueries({ queryKey: ['profile'] })
  }
  return (
    <Panel title={t('profile.codes')}>
      <div className={form.form}>
        <p>{totp ? t('profile.codesOn', { n: recoveryCodesLeft }) : t('profile.codesOff')}</p>
        <div>
          <Button className={classes.asks ?? ''} onClick={() => setEnrolling(true)}>
            {enrol}
          </Button>
        </div>
      </div>
      {enrolling && (
        <Dialog title={enrol} onClose={close} size="26rem">
          <Suspense>
            <Enrolment verb="prove.do" onCodes={() => undefined} onDone={close} />
          </Suspense>
        </Dialog>
      )}
    </Panel>
  )
}

function Sessions({ profile: { sessions } }: { profile: ProfileRecord }) {
  const t = useText()
  const client = useQueryClient()
  const end = async (id: string): Promise<void> => {
    try {
      await call('profile.endSession', { params: { id } })
      await client.invalidateQueries({ queryKey: ['profile'] })
    } catch (error) {
      announce('bad', problemText(error, t))
    }
  }
  return (
    <Panel title={t('profile.sessions')} flush>
      <DataTable
        label={t('profile.sessions')}
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          { id: 'started', head: t('profile.started'), cell: ({ startedAt }) => <When at={startedAt} /> },
          { id: 'seen', head: t('profile.seen'), cell: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
          { id: 'address', head: t('profile.address'), cell: ({ address }) => address },
          {
            id: 'browser',
            head: t('profile.userAgent'),
            grow: true,
            cell: ({ userAgent }) => <span title={userAgent}>{browserName(userAgent)}</span>,
          },
          {
            id: 'end',
            head: t('profile.end'),
            cell: ({ id, current }) =>
              current ? (
                t('profile.current')
              ) : (
                <Button size="compact-sm" onClick={() => void end(id)}>
                  {t('profile.end')}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  )
}

function Password({ login }: { login: string }) {
  const t = useText()
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  const { problem, busy, submit } = useSubmit(async () => {
    await call('profile.password', { body: { current, wanted } })
    setCurrent('')
    setWanted('')
    announce('good', t('profile.passwordDone'))
  })
  return (
    <Panel title={t('profile.password')} note={t('profile.passwordNote')}>
      <form className={form.form} onSubmit={submit}>
        <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
        <PasswordField kind="current" label={t('profile.currentPassword')} value={current} onChange={setCurrent} />
        <PasswordField kind="new" label={t('profile.newPassword')} value={wanted} onChange={setWanted} />
        <FormProblem text={problem} />
        <div className={form.acts}>
          <Button type="submit" loading={busy}>
            {t('profile.change')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

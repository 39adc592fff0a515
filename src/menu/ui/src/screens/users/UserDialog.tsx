import { Button, NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { useMay, usePerson } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
import { problemText } from '../../components/problem-text.ts'
import { useRoleName } from '../../components/useRoleName.ts'
import { When } from '../../components/When.tsx'
import { useText } from '../../i18n/useText.ts'
import type { User, UserAct } from './user-record.ts'
import { OneTimeLink } from './OneTimeLink.tsx'
import { RolesFields } from './RolesFields.tsx'
import classes from './UserDialog.module.css'

/** One person: roles and stores, disabling, resetting, ending sessions. Nobody can change their own rights. */
type Props = { user: User; act: UserAct | null; onClose: () => void }

export function UserDialog({ user, act, onClose }: Props) {
  const t = useText()
  const { login: me } = usePerson()
  const [invitation, setInvitation] = useState<Answer<'users.reset'> | null>(null)
  const isMe = user.login === me
  return (
    <Dialog title={act === null ? user.name : `${t(`users.${act}`)}: ${user.name}`} size="34rem" onClose={onClose}>
      {invitation === null && act !== null ? (
        <OneAct user={user} act={act} onInvitation={setInvitation} onDone={onClose} />
      ) : invitation === null ? (
        <div className={form.form}>
          <Waiting user={user} />
          {isMe ? <p className={form.hint}>{t('users.ownRights')}</p> : <Roles user={user} />}
          {!isMe && <Acts user={user} onInvitation={setInvitation} />}
        </div>
      ) : (
        <OneTimeLink invitation={invitation} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Waiting({ user: { waiting } }: { user: User }) {
  const t = useText()
  const roleName = useRoleName(waiting.flatMap(({ roles }) => roles))
  if (waiting.length === 0) return null
  return (
    <ul className={classes.waiting}>
      {waiting.map(({ id, what, roles, by, at, effectiveAt }) => (
        <li key={id}>
          {t(`users.grant.${what}`)} {roles.map(roleName).join(', ')} · {by}, <When at={at} />{' '}
          {effectiveAt === null ? t('users.grantSecond') : t('users.grantFrom')}{' '}
          {effectiveAt !== null && <When at={effectiveAt} />}
        </li>
      ))}
    </ul>
  )
}

function Roles({ user }: { user: User }) {
  const t = useText()
  const [roles, setRoles] = useState<string[]>([...user.roles])
  const [stores, setStores] = useState<string[]>([...user.stores])
  const { run, problem, busy } = useAct()
  const save = (): void =>
    run(async () => {
      const { approval } = await call('users.change', { params: { login: user.login }, body: { roles, stores } })
      announce(approval === null ? 'good' : 'wait', approval === null ? t('act.saved') : t('act.proposed'))
    })
  const changed =
    roles.toSorted().join() !== user.roles.toSorted().join() ||
    stores.toSorted().join() !== user.stores.toSorted().join()
  return (
    <>
      <RolesFields roles={roles} stores={stores} onRoles={setRoles} onStores={setStores} />
      <FormProblem text={problem} />
      <div className={form.acts}>
        <Button variant="filled" loading={busy} disabled={!changed || roles.length === 0} onClick={save}>
          {t('act.save')}
        </Button>
      </div>
    </>
  )
}

type ActsProps = { user: User; onInvitation: (invitation: Answer<'users.reset'>) => void }

function Acts({ user, onInvitation }: ActsProps) {
  const t = useText()
  const may = useMay()
  const act = useAct()
  const { login, name } = user
  return (
    <div className={classes.acts}>
      <Reset login={login} act={act} onInvitation={onInvitation} />
      <Switch user={user} act={act} onDone={() => undefined} />
      {may('sessions.end') && (
        <div className={classes.line}>
          <p className={form.hint}>{t('users.endText')}</p>
          <Button
            loading={act.busy}
            onClick={() =>
              act.run(async () => {
                await call('users.endSessions', { params: { login } })
                announce('good', t('users.endDone', { name }))
              })
            }
          >
            {t('users.endSessions')}
          </Button>
        </div>
      )}
      <FormProblem text={act.problem} />
    </div>
  )
}

/** Only what the button in the list names. */
function OneAct({ user, act: what, onInvitation, onDone }: ActsProps & { act: UserAct; onDone: () => void }) {
  const act = useAct()
  return (
    <div className={form.form}>
      {what === 'reset' ? (
        <Reset login={user.login} act={act} onInvitation={onInvitation} />
      ) : (
        <Switch user={user} act={act} onDone={onDone} />
      )}
      <FormProblem text={act.problem} />
    </div>
  )
}

type ActProps = { act: ReturnType<typeof useAct> }

function Reset({ login, act, onInvitation }: ActProps & { login: string } & Pick<ActsProps, 'onInvitation'>) {
  const t = useText()
  const [what, setWhat] = useState<'password' | 'totp'>('password')
  return (
    <div className={classes.line}>
      <NativeSelect
        label={t('users.resetWhat')}
        value={what}
        onChange={(event) => setWhat(event.target.value === 'totp' ? 'totp' : 'password')}
        data={[
          { value: 'password', label: t('sign.password') },
          { value: 'totp', label: t('users.totp') },
        ]}
      />
      <Button
        loading={act.busy}
        onClick={() =>
          act.run(async () => onInvitation(await call('users.reset', { params: { login }, body: { what } })))
        }
      >
        {t('users.reset')}
      </Button>
    </div>
  )
}

function Switch({ user: { login, name, state }, act, onDone }: ActProps & { user: User; onDone: () => void }) {
  const t = useText()
  const params = { login }
  return (
    <div className={classes.line}>
      <p className={form.hint}>{t(state === 'disabled' ? 'users.enableText' : 'users.disableText')}</p>
      {state === 'disabled' ? (
        <Button
          loading={act.busy}
          onClick={() => act.run(async () => void (await call('users.enable', { params, body: {} })), onDone)}
        >
          {t('users.enable')}
        </Button>
      ) : (
        <Button
          loading={act.busy}
          onClick={() =>
            act.run(async () => {
              await call('users.disable', { params, body: {} })
              announce('good', t('users.disabledDone', { name }))
            }, onDone)
          }
        >
          {t('users.disable')}
        </Button>
      )}
    </div>
  )
}

function useAct() {
  const t = useText()
  const client = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const act = async (what: () => Promise<unknown>, done: () => void): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await what()
      await client.invalidateQueries({ queryKey: ['users'] })
      done()
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setBusy(false)
    }
  }
  return {
    problem,
    busy,
    run: (what: () => Promise<unknown>, done: () => void = () => undefined): void => void act(what, done),
  }
}

import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { rightsQuery, usersQuery } from '../api/queries.ts'
import { useMay, usePerson } from '../api/session.ts'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { usePageActions } from '../components/palette-entries.ts'
import { Panel } from '../components/Panel.tsx'
import { Problem } from '../components/Problem.tsx'
import { TableSkeleton } from '../components/States.tsx'
import { Status, type Tone } from '../components/Status.tsx'
import { useRoleName } from '../components/useRoleName.ts'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { useListSearch } from '../lists/useListSearch.ts'
import { RightsInWords } from './users/RightsInWords.tsx'
import { actsOn, type User, type UserAct } from './users/user-record.ts'
import classes from './screens.module.css'

const InviteDialog = lazy(() => import('./users/InviteDialog.tsx').then((module) => ({ default: module.InviteDialog })))
const Roles = lazy(() => import('./users/Roles.tsx').then((module) => ({ default: module.Roles })))
const UserDialog = lazy(() => import('./users/UserDialog.tsx').then((module) => ({ default: module.UserDialog })))

const TONES: Record<User['state'], Tone> = { invited: 'wait', active: 'plain', disabled: 'bad' }

const VIEWS = ['people', 'roles', 'rights'] as const

/** Persons with their roles and stores; and the rights of all persons on a day. */
export function Users() {
  const t = useText()
  const may = useMay()
  const { search, change } = useListSearch()
  const shows = VIEWS.find((view) => view === search.view) ?? 'people'
  const [inviting, setInviting] = useState(false)
  const [making, setMaking] = useState(false)
  const canInvite = may('users.edit')
  usePageActions(canInvite ? [{ name: t('users.inviteTitle'), run: () => setInviting(true) }] : [])
  return (
    <>
      <PageHead
        title={t('page.users')}
        actions={
          <>
            <SegmentedControl
              size="xs"
              aria-label={t('page.users')}
              value={shows}
              onChange={(view) => change({ view: view === 'people' ? undefined : view, on: undefined })}
              data={[
                { value: 'people', label: t('users.people') },
                { value: 'roles', label: t('users.roles') },
                { value: 'rights', label: t('users.rights') },
              ]}
            />
            {canInvite && shows === 'roles' && (
              <Button className={classes.asks ?? ''} variant="filled" onClick={() => setMaking(true)}>
                {t('roles.make')}
              </Button>
            )}
            {canInvite && shows !== 'roles' && (
              <Button
                className={classes.asks ?? ''}
                variant="filled"
                leftSection={<IconUserPlus size={15} stroke={1.6} />}
                onClick={() => setInviting(true)}
              >
                {t('users.invite')}
              </Button>
            )}
          </>
        }
      />
      {shows === 'people' && <People />}
      {shows === 'rights' && <RightsOnDay />}
      <Suspense fallback={<TableSkeleton />}>
        {shows === 'roles' && <Roles making={making} onMade={() => setMaking(false)} />}
      </Suspense>
      <Suspense>{inviting && <InviteDialog onClose={() => setInviting(false)} />}</Suspense>
    </>
  )
}

function People() {
  const t = useText()
  const may = useMay()
  const { data, error, refetch } = useQuery(usersQuery)
  const [opened, setOpened] = useState<{ readonly login: string; readonly act: UserAct | null } | null>(null)
  const { login: me } = usePerson()
  const columns = useColumns(data?.items.flatMap(({ roles }) => roles) ?? [])
  if (error !== null && data === undefined) return <Problem error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <TableSkeleton />
  const user = data.items.find(({ login }) => login === opened?.login)
  const open = (row: User): void => setOpened({ login: row.login, act: null })
  const edit: Column<User> = {
    id: 'edit',
    head: t('users.change'),
    cell: (row) => (
      <>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={t('users.changeOf', { name: row.name })}
          onClick={() => open(row)}
        >
          {t('users.change')}
        </Button>
        {row.login !== me &&
          actsOn(row).map((act) => (
            <Button key={act} size="compact-sm" variant="subtle" onClick={() => setOpened({ login: row.login, act })}>
              {t(`users.${act}`)}
            </Button>
          ))}
      </>
    ),
  }
  return (
    <Panel flush>
      <DataTable
        label={t('page.users')}
        rows={data.items}
        rowKey={({ login }) => login}
        columns={may('users.edit') ? [...columns, edit] : columns}
        {...(may('users.edit') && { onOpen: open })}
      />
      <Suspense>
        {user !== undefined && <UserDialog user={user} act={opened?.act ?? null} onClose={() => setOpened(null)} />}
      </Suspense>
    </Panel>
  )
}

function useColumns(roles: readonly string[]): readonly Column<User>[] {
  const t = useText()
  const roleName = useRoleName(roles)
  return [
    { id: 'login', head: t('field.login'), cell: ({ login }) => login },
    { id: 'name', head: t('field.name'), cell: ({ name }) => name },
    {
      id: 'roles',
      head: t('field.roles'),
      grow: true,
      wraps: true,
      cell: (user) => user.roles.map(roleName).join(', '),
    },
    {
      id: 'stores',
      head: t('field.stores'),
      cell: ({ stores }) => (stores.length === 0 ? t('users.allStores') : stores.join(', ')),
    },
    {
      id: 'state',
      head: t('col.state'),
      cell: ({ state, waiting }) =>
        waiting.length > 0 ? (
          <Status tone="wait">{t('users.waits')}</Status>
        ) : (
          <Status tone={TONES[state]}>{t(`users.${state}`)}</Status>
        ),
    },
    { id: 'totp', head: t('users.totp'), wideOnly: true, cell: ({ totp }) => t(totp ? 'list.yes' : 'list.no') },
    {
      id: 'last',
      head: t('users.lastSignIn'),
      wideOnly: true,
      cell: ({ lastSignInAt }) => lastSignInAt !== null && <When at={lastSignInAt} />,
    },
    { id: 'sessions', head: t('users.sessions'), numeric: true, cell: ({ openSessions }) => openSessions },
  ]
}

/** The rights of all persons on a day, for auditors. */
function RightsOnDay() {
  const t = useText()
  const format = useFormat()
  const { search, change } = useListSearch()
  const on = search.on ?? ''
  const { data, error, refetch } = useQuery(rightsQuery(on))
  const roleName = useRoleName(data?.people.flatMap(({ roles }) => roles) ?? [])
  return (
    <div className={classes.stack}>
      <div className={classes.filters}>
        <TextInput
          type="date"
          label={t('users.onDay')}
          value={on}
          onChange={(event) => change({ on: event.target.value })}
        />
      </div>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && <TableSkeleton />}
      {data?.people.map(({ login, roles, stores, rights }) => (
        <Panel
          key={login}
          title={login}
          note={`${roles.map(roleName).join(', ')}${stores.length > 0 ? ` · ${stores.join(', ')}` : ''}`}
        >
          {rights.length === 0 ? (
            <p className={classes.small}>{t('users.noRights')}</p>
          ) : (
            <RightsInWords rights={rights} />
          )}
        </Panel>
      ))}
      {data !== undefined && (
        <p className={classes.small}>{t('users.asOf', { day: format.date(data.on.slice(0, 10)) })}</p>
      )}
    </div>
  )
}

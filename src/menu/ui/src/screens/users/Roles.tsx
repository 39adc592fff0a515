import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Answer } from '../../api/call.ts'
import { rolesQuery, usersQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import type { Column } from '../../components/DataTable.tsx'
import { When } from '../../components/When.tsx'
import { useText } from '../../i18n/useText.ts'
import { ListPanel } from '../../lists/ListPanel.tsx'
import type { OwnRole } from './own-role.ts'
import classes from './Roles.module.css'

const RoleDialog = lazy(() => import('./RoleDialog.tsx').then((module) => ({ default: module.RoleDialog })))

/** Roles of the installation's own: rights put together, given to people as the standard roles are. */
export function Roles({ making, onMade }: { making: boolean; onMade: () => void }) {
  const t = useText()
  const may = useMay()
  const list = useQuery(rolesQuery)
  const [opened, setOpened] = useState<string | null>(null)
  const columns = useColumns(setOpened)
  const role = list.data?.own.find(({ code }) => code === opened)
  const shown = list.data === undefined ? undefined : { items: list.data.own }
  return (
    <>
      <ListPanel
        label={t('users.roles')}
        list={{ ...list, data: shown }}
        empty={{ title: t('roles.none'), text: t('roles.noneText') }}
        rowKey={({ code }) => code}
        columns={columns}
        {...(may('users.edit') && { onOpen: ({ code }: OwnRole) => setOpened(code) })}
      >
        <Waiting waiting={list.data?.waiting ?? []} />
      </ListPanel>
      <Suspense>
        {making && <RoleDialog role={null} onClose={onMade} />}
        {role !== undefined && <RoleDialog role={role} onClose={() => setOpened(null)} />}
      </Suspense>
    </>
  )
}

function useColumns(open: (code: string) => void): readonly Column<OwnRole>[] {
  const t = useText()
  const may = useMay()
  const people = useQuery(usersQuery).data?.items ?? []
  const edit: Column<OwnRole> = {
    id: 'edit',
    head: t('users.change'),
    cell: ({ code, name }) => (
      <Button size="compact-sm" variant="subtle" aria-label={t('users.changeOf', { name })} onClick={() => open(code)}>
        {t('users.change')}
      </Button>
    ),
  }
  return [
    { id: 'name', head: t('field.name'), grow: true, cell: ({ name }) => name },
    { id: 'code', head: t('roles.code'), cell: ({ code }) => code },
    { id: 'rights', head: t('users.rights'), numeric: true, cell: ({ rights }) => rights.length },
    {
      id: 'people',
      head: t('users.people'),
      numeric: true,
      cell: ({ code }) => people.filter(({ roles }) => roles.includes(code)).length,
    },
    ...(may('users.edit') ? [edit] : []),
  ]
}

function Waiting({ waiting }: { waiting: Answer<'roles.list'>['waiting'] }) {
  const t = useText()
  if (waiting.length === 0) return null
  return (
    <ul className={classes.waiting}>
      {waiting.map(({ id, name, by, at, effectiveAt }) => (
        <li key={id}>
          {name} · {by}, <When at={at} /> · {effectiveAt === null ? t('users.grantSecond') : t('users.grantFrom')}{' '}
          {effectiveAt !== null && <When at={effectiveAt} />}
        </li>
      ))}
    </ul>
  )
}

import { Checkbox, MultiSelect } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { choicesQuery, rolesQuery } from '../../api/queries.ts'
import { useText, useWord } from '../../i18n/useText.ts'

type Props = {
  roles: readonly string[]
  stores: readonly string[]
  onRoles: (roles: string[]) => void
  onStores: (stores: string[]) => void
}

/** Roles to tick, and stores for persons limited to own ones. */
export function RolesFields({ roles, stores, onRoles, onStores }: Props) {
  const t = useText()
  const word = useWord()
  const known = useSuspenseQuery(rolesQuery).data
  const { stores: allStores } = useSuspenseQuery(choicesQuery).data
  return (
    <>
      <Checkbox.Group label={t('field.roles')} value={[...roles]} onChange={onRoles}>
        {known.standard.map((role) => (
          <Checkbox key={role} value={role} label={word('role', role)} mt="xs" />
        ))}
        {known.own.map(({ code, name }) => (
          <Checkbox key={code} value={code} label={name} mt="xs" />
        ))}
      </Checkbox.Group>
      <MultiSelect
        label={t('field.stores')}
        description={t('users.storesHint')}
        searchable
        value={[...stores]}
        onChange={onStores}
        data={allStores.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }))}
      />
    </>
  )
}

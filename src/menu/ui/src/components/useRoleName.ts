import { useQuery } from '@tanstack/react-query'
import { useIntl } from 'react-intl'
import { rolesQuery } from '../api/queries.ts'
import { useWord } from '../i18n/useText.ts'

/**
 * Names of roles: a standard role in the reader's language, an own role of the installation by its own name.
 * @param codes the roles that are shown; own roles are fetched only if one of these is not a standard role
 */
export function useRoleName(codes: readonly string[]): (code: string) => string {
  const word = useWord()
  const { messages } = useIntl()
  const enabled = codes.some((code) => !(`role.${code}` in messages))
  const own = useQuery({ ...rolesQuery, enabled }).data?.own ?? []
  return (code) => own.find((role) => role.code === code)?.name ?? word('role', code)
}

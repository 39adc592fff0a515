import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api/call.ts'
import { choicesQuery } from '../../api/queries.ts'
import { useText } from '../../i18n/useText.ts'
import { useListSearch } from '../../lists/useListSearch.ts'

type Filters = Answer<'reports.show'>['filters']
type Coded = { readonly code: string; readonly name: string }

/** The filters that a report has: stores, counterparties or recipients (which are stores or counterparties), and issues. */
export function CodeFilters({ filters }: { filters: Filters }) {
  const t = useText()
  const { search, change } = useListSearch()
  const choices = useQuery(choicesQuery).data
  const codes = (key: 'store' | 'issue', label: string, values: readonly Coded[]) => (
    <MultiSelect
      label={label}
      searchable
      placeholder={search[key] === undefined ? t('list.any') : ''}
      data={values.map(({ code, name }) => ({ value: code, label: name === code ? code : `${name} (${code})` }))}
      value={search[key]?.split(',') ?? []}
      onChange={(chosen) => change({ [key]: chosen.join(',') })}
    />
  )
  const stores = filters.includes('stores') ? (choices?.stores ?? []) : []
  const parties = filters.includes('counterparties') ? (choices?.counterparties ?? []) : []
  const label = labelOf(filters)
  return (
    <>
      {label !== null && codes('store', t(label), [...stores, ...parties])}
      {filters.includes('issues') && codes('issue', t('field.issue'), choices?.issues ?? [])}
    </>
  )
}

function labelOf(filters: Filters): 'field.store' | 'field.counterparty' | 'field.recipient' | null {
  if (!filters.includes('counterparties')) return filters.includes('stores') ? 'field.store' : null
  return filters.includes('stores') ? 'field.recipient' : 'field.counterparty'
}

import { keepPreviousData, type Query, queryOptions } from '@tanstack/react-query'
import { type Answer, call, type Input } from './call.ts'

/** A list's query as it stands in the URL: text that the server reads. */
export type Search = Readonly<Record<string, string | undefined>>

export const todayQuery = queryOptions({ queryKey: ['today'], queryFn: ({ signal }) => call('today.show', { signal }) })

export const choicesQuery = queryOptions({
  queryKey: ['choices'],
  queryFn: ({ signal }) => call('choices.show', { signal }),
  staleTime: 300_000,
})

/**
 * Options of a search: it is not repeated when the window gets the focus or the connection returns, because it may have taken
 * minutes and its rows would move while they are read. Live lists are refreshed by their interval.
 */
const SEARCHED = { refetchOnWindowFocus: false, refetchOnReconnect: false, meta: { searched: true } } as const

/** After a lost connection everything is fetched again, except the results of searches. */
export const outdatedByLoss = ({ meta, state }: Pick<Query, 'meta' | 'state'>): boolean =>
  meta?.['searched'] !== true || state.status !== 'success'

export const cardsQuery = (query: Search) =>
  queryOptions({
    ...SEARCHED,
    queryKey: ['cards', 'list', query],
    queryFn: ({ signal, client, queryKey }) => lookOn(query, signal, (found) => client.setQueryData(queryKey, found)),
    placeholderData: keepPreviousData,
  })

type CardPage = Answer<'cards.list'>
const askForCards = (query: Search, signal: AbortSignal): Promise<CardPage> =>
  call('cards.list', { query, signal } as Input<'cards.list'>)

/** A page of a search without an index comes in pieces: the cards found so far are shown while the search continues. */
async function lookOn(query: Search, signal: AbortSignal, show: (found: CardPage) => void): Promise<CardPage> {
  const limit = Number(query['limit'] ?? 50)
  let found = await askForCards(query, signal)
  while (found.lookedTo !== null && found.next !== null && found.items.length < limit) {
    show(found)
    // A pause, so that the search does not occupy the database all the time.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const rest = { ...query, cursor: found.next, limit: String(limit - found.items.length) }
    const more = await askForCards(rest, signal)
    found = { ...more, items: [...found.items, ...more.items] }
  }
  return found
}

export const cardsCountQuery = (query: Search) =>
  queryOptions({
    ...SEARCHED,
    queryKey: ['cards', 'count', query],
    queryFn: ({ signal }) => call('cards.count', { query, signal } as Input<'cards.count'>),
  })

export const transactionsQuery = (query: Search) =>
  queryOptions({
    ...SEARCHED,
    queryKey: ['transactions', 'list', query],
    queryFn: ({ signal }) => call('transactions.list', { query, signal } as Input<'transactions.list'>),
    placeholderData: keepPreviousData,
  })

export const transactionsCountQuery = (query: Search) =>
  queryOptions({
    ...SEARCHED,
    queryKey: ['transactions', 'count', query],
    queryFn: ({ signal }) => call('transactions.count', { query, signal } as Input<'transactions.count'>),
  })

export const cardQuery = (id: string) =>
  queryOptions({ queryKey: ['card', id], queryFn: ({ signal }) => call('cards.show', { params: { id }, signal }) })

export const storyQuery = (id: string, limit: number) =>
  queryOptions({
    queryKey: ['card', id, 'story', limit],
    queryFn: ({ signal }) => call('cards.story', { params: { id }, query: { limit }, signal }),
    placeholderData: keepPreviousData,
  })

export const transactionQuery = (id: string) =>
  queryOptions({
    queryKey: ['transaction', id],
    queryFn: ({ signal }) => call('transactions.show', { params: { id }, signal }),
  })

export const searchesQuery = queryOptions({
  queryKey: ['searches'],
  queryFn: ({ signal }) => call('searches.list', { signal }),
})

export const casesQuery = (query: Search) =>
  queryOptions({
    queryKey: ['cases', query],
    queryFn: ({ signal }) => call('cases.list', { query, signal } as Input<'cases.list'>),
    placeholderData: keepPreviousData,
  })

export const caseQuery = (id: string) =>
  queryOptions({ queryKey: ['case', id], queryFn: ({ signal }) => call('cases.show', { params: { id }, signal }) })

export const journalQuery = (id: string) =>
  queryOptions({
    queryKey: ['journal', id],
    queryFn: ({ signal }) => call('journals.show', { params: { id }, signal }),
  })

export const approvalsQuery = (open: boolean) =>
  queryOptions({
    queryKey: ['approvals', open],
    queryFn: ({ signal }) => call('approvals.list', { query: { open }, signal }),
  })

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: ({ signal }) => call('roles.list', { signal }) })
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => call('users.list', { signal }) })

export const rightsQuery = (on: string) =>
  queryOptions({
    queryKey: ['rights', on],
    queryFn: ({ signal }) => call('users.rights', { query: on === '' ? {} : { on }, signal }),
  })

export const auditQuery = (query: Search) =>
  queryOptions({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => call('audit.list', { query, signal } as Input<'audit.list'>),
    placeholderData: keepPreviousData,
  })

export const alertsQuery = (query: Search) =>
  queryOptions({
    queryKey: ['alerts', query],
    queryFn: ({ signal }) => call('alerts.list', { query, signal } as Input<'alerts.list'>),
    placeholderData: keepPreviousData,
  })

export const jobsQuery = (query: Search) =>
  queryOptions({
    queryKey: ['jobs', query],
    queryFn: ({ signal }) => call('jobs.list', { query, signal } as Input<'jobs.list'>),
    placeholderData: keepPreviousData,
  })

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call('settings.show', { signal }),
})

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => call('profile.show', { signal }),
})

export const welfareQuery = (query: Search = {}) =>
  queryOptions({
    queryKey: ['welfare', 'list', query],
    queryFn: ({ signal }) => call('welfare.list', { query, signal } as Input<'welfare.list'>),
  })

export const employeesQuery = (code: string, q: string) =>
  queryOptions({
    queryKey: ['welfare', 'employees', code, q],
    queryFn: ({ signal }) => call('welfare.employees', { params: { code }, query: { q, limit: 200 }, signal }),
    placeholderData: keepPreviousData,
  })

export const welfareBatchQuery = (id: string) =>
  queryOptions({
    queryKey: ['welfare', 'batch', id],
    queryFn: ({ signal }) => call('welfare.show', { params: { id }, signal }),
  })

/** A pack of all cards that a search finds. */
export const serialsQuery = (query: string | undefined) =>
  queryOptions({
    queryKey: ['packs', 'serials', query],
    queryFn: ({ signal }) => call('packs.serials', { body: { query: query ?? '' }, signal }),
    enabled: query !== undefined,
    retry: false,
  })

export const ecardsQuery = (query: Search) =>
  queryOptions({
    queryKey: ['ecards', query],
    queryFn: ({ signal }) => call('ecards.list', { query, signal } as Input<'ecards.list'>),
    placeholderData: keepPreviousData,
  })

export const counterpartiesQuery = queryOptions({
  queryKey: ['counterparties', 'list'],
  queryFn: ({ signal }) => call('counterparties.list', { signal }),
})

export const counterpartyQuery = (code: string) =>
  queryOptions({
    queryKey: ['counterparties', 'one', code],
    queryFn: ({ signal }) => call('counterparties.show', { params: { code }, signal }),
  })

export const statementQuery = (code: string, query: Search) =>
  queryOptions({
    queryKey: ['counterparties', 'statement', code, query],
    queryFn: ({ signal }) => call('counterparties.statement', { params: { code }, query, signal }),
  })

export const settlementsQuery = queryOptions({
  queryKey: ['settlements', 'list'],
  queryFn: ({ signal }) => call('settlements.list', { signal }),
})

export const settlementQuery = (id: string) =>
  queryOptions({
    queryKey: ['settlements', 'one', id],
    queryFn: ({ signal }) => call('settlements.show', { params: { id }, signal }),
  })

export const accountsQuery = queryOptions({
  queryKey: ['ledger', 'accounts'],
  queryFn: ({ signal }) => call('ledger.accounts', { signal }),
})

export const reportsQuery = queryOptions({
  queryKey: ['reports'],
  queryFn: ({ signal }) => call('reports.list', { signal }),
  staleTime: 300_000,
})

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal }) => call('schedules.list', { signal }),
})

export const reportQuery = (report: string, query: Search) =>
  queryOptions({
    ...SEARCHED,
    queryKey: ['report', report, query],
    queryFn: ({ signal }) => call('reports.show', { params: { report }, query, signal } as Input<'reports.show'>),
    placeholderData: keepPreviousData,
  })

export const issuesQuery = queryOptions({
  queryKey: ['issues'],
  queryFn: ({ signal }) => call('issues.list', { signal }),
})

export const issueQuery = (code: string) =>
  queryOptions({
    queryKey: ['issue', code],
    queryFn: ({ signal }) => call('issues.show', { params: { code }, signal }),
  })

export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ['job', id], queryFn: ({ signal }) => call('jobs.show', { params: { id }, signal }) })

export const makersQuery = queryOptions({
  queryKey: ['makers'],
  queryFn: ({ signal }) => call('makers.list', { signal }),
})

export const packsQuery = (query: Search) =>
  queryOptions({
    queryKey: ['packs', query],
    queryFn: ({ signal }) => call('packs.list', { query, signal } as Input<'packs.list'>),
    placeholderData: keepPreviousData,
  })

export const packQuery = (id: string) =>
  queryOptions({ queryKey: ['pack', id], queryFn: ({ signal }) => call('packs.show', { params: { id }, signal }) })

export const storesQuery = queryOptions({
  queryKey: ['stores', 'list'],
  queryFn: ({ signal }) => call('stores.list', { signal }),
})

export const storeQuery = (code: string) =>
  queryOptions({
    queryKey: ['stores', code],
    queryFn: ({ signal }) => call('stores.show', { params: { code }, signal }),
  })

export const terminalsQuery = (query: Search) =>
  queryOptions({
    queryKey: ['terminals', 'list', query],
    queryFn: ({ signal }) => call('terminals.list', { query, signal } as Input<'terminals.list'>),
    placeholderData: keepPreviousData,
  })

export const terminalQuery = (code: string) =>
  queryOptions({
    queryKey: ['terminals', code],
    queryFn: ({ signal }) => call('terminals.show', { params: { code }, signal }),
  })

export const upstreamsQuery = queryOptions({
  queryKey: ['upstreams'],
  queryFn: ({ signal }) => call('upstreams.list', { signal }),
})

export const setAsideQuery = queryOptions({
  queryKey: ['upstreams', 'set-aside'],
  queryFn: ({ signal }) => call('upstreams.setAside', { signal }),
})

export const shopsQuery = queryOptions({
  queryKey: ['shops', 'list'],
  queryFn: ({ signal }) => call('shops.list', { signal }),
})

export const shopQuery = (code: string) =>
  queryOptions({ queryKey: ['shops', code], queryFn: ({ signal }) => call('shops.show', { params: { code }, signal }) })

export const kiosksQuery = queryOptions({
  queryKey: ['kiosks'],
  queryFn: ({ signal }) => call('kiosks.list', { signal }),
})

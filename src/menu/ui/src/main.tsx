import './mantine.css'
import './base.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { ApiProblem, hooks } from './api/call.ts'
import { watchConnection } from './api/connection.ts'
import { outdatedByLoss } from './api/queries.ts'
import { watchUse } from './api/use.ts'
import { App } from './App.tsx'
import { listenToKeys } from './keyboard/keys.ts'
import { listenToScanner } from './keyboard/scanner.ts'
import { resolveVariables, theme } from './theme.ts'

const STALE_MS = 10_000

/** Only failures of the connection and of an overloaded server are retried automatically. */
const mayRetry = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiProblem && (error.status === 0 || error.status === 503)

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: STALE_MS, retry: mayRetry, refetchOnWindowFocus: true } },
})
hooks.changed = () => void client.invalidateQueries({ queryKey: ['today'] })
watchConnection(() => void client.invalidateQueries({ predicate: outdatedByLoss }))
watchUse()
// The scanner listens first, so that a scan never triggers a shortcut.
listenToScanner()
listenToKeys()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root, {
  // A refusal is said on the page; only what is not is an error of this app.
  onCaughtError: (error) => {
    if (!(error instanceof ApiProblem)) console.error(error)
  },
}).render(
  <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
    <QueryClientProvider client={client}>
      <App client={client} />
    </QueryClientProvider>
  </MantineProvider>,
)

if (import.meta.env.PROD && 'serviceWorker' in navigator)
  void navigator.serviceWorker.register('/sw.js').catch(() => undefined)

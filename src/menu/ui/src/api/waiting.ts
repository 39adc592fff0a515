import { useQuery } from '@tanstack/react-query'
import { todayQuery } from './queries.ts'
import { useMay } from './session.ts'

/** How much waits for somebody, for the navigation: from the same counters as /today. */
export function useWaiting(): { readonly cases: number; readonly approvals: number; readonly alerts: number } {
  const may = useMay()
  const { data } = useQuery({ ...todayQuery, refetchInterval: 15_000, enabled: may('today.see') })
  return { cases: data?.casesOpen ?? 0, approvals: data?.approvalsWaiting ?? 0, alerts: data?.alertsOpen ?? 0 }
}

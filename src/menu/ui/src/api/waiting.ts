import { useQuery } from '@tanstack/react-query'
import { todayQuery } from './queries.ts'
import { useMay } from './session.ts'

/** The counts of waiting items for the navigation, from the counters of /today. */
export function useWaiting(): { readonly cases: number; readonly approvals: number; readonly alerts: number } {
  const may = useMay()
  const { data } = useQuery({ ...todayQuery, refetchInterval: 15_000, enabled: may('today.see') })
  return { cases: data?.casesOpen ?? 0, approvals: data?.approvalsWaiting ?? 0, alerts: data?.alertsOpen ?? 0 }
}

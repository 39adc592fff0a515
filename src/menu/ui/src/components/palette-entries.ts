import { useEffect, useRef } from 'react'

export type PageAction = { readonly name: string; readonly hint?: string; readonly run: () => void }
export type RecentRecord = { readonly name: string; readonly hint: string; readonly to: string }

const REMEMBERED = 6

let actions: { readonly current: readonly PageAction[] } = { current: [] }
let recent: readonly RecentRecord[] = []

export const pageActions = (): readonly PageAction[] => actions.current
export const recentRecords = (): readonly RecentRecord[] => recent

/** Offers the actions of this page in the command palette. */
export function usePageActions(offered: readonly PageAction[]): void {
  const current = useRef(offered)
  current.current = offered
  useEffect(() => {
    actions = current
    return () => {
      if (actions === current) actions = { current: [] }
    }
  }, [])
}

/** Keeps the records that were viewed, masked, in memory only: a reload or a sign-out clears them. */
export function useRecent(record: RecentRecord): void {
  const { name, hint, to } = record
  useEffect(() => {
    recent = [{ name, hint, to }, ...recent.filter((other) => other.to !== to)].slice(0, REMEMBERED)
  }, [name, hint, to])
}

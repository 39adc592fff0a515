import type { Registry, Terminal } from '../core/registry.ts'
import type { StoreDay } from './store-day.ts'

/**
 * The calendar day of a terminal's store, and the business day that the terminal is in: later, once its end of day opened
 * one, and never more than a day.
 */
export function daysOf(
  terminal: Terminal,
  timeZone: string,
  storeDay: StoreDay,
  now: number,
): { readonly today: string; readonly businessDate: string } {
  const today = storeDay(now, timeZone)
  const opened = terminal.openedBusinessDate
  const isAhead = opened !== null && opened > today
  return { today, businessDate: isAhead ? dayAfter(today) : today }
}

/** The same by the terminal's code; a terminal that is gone is taken to be in UTC. */
export function businessDateIn(registry: Registry, code: string, storeDay: StoreDay, now: number): string {
  const terminal = registry.terminals.get(code)
  const store = terminal === undefined ? undefined : registry.stores.get(terminal.storeCode)
  if (terminal === undefined || store === undefined) return storeDay(now, 'UTC')
  return daysOf(terminal, store.timeZone, storeDay, now).businessDate
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

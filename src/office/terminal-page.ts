import { NO_TOTAL, type Totals } from '../core/totals.ts'
import { type DayEndView, selectDayEndsOf, selectTotals, toDayEndView, toTotal } from '../db/sql/day-ends.ts'
import { fromInstant } from '../db/sql/literal.ts'
import { selectLastSeen } from '../db/sql/today.ts'
import type { Actor } from './actor.ts'
import { type Binding, listBindings } from './certificates.ts'
import { dateIn } from './clock.ts'
import { dayStart } from './day-bounds.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDoAnywhere } from './rights.ts'
import { type KeyView, listKeyChanges, listKeys, type KeyChangeRow } from './terminal-keys.ts'
import { findTerminal, listTerminals, type TerminalRecord, type TerminalView } from './terminals.ts'

const WEEK_MS = 7 * 24 * 3_600_000

/** When a terminal was heard of in the last week; `silent`: it was, and not today. */
export type Heard = { readonly lastAt: number | null; readonly silent: boolean }
export type SeenTerminal = TerminalRecord & Heard

/** Terminals with when they were heard of last. */
export async function listSeenTerminals(
  office: Office,
  actor: Actor,
  input: { readonly store: string | null },
): Promise<readonly SeenTerminal[] | Refused> {
  const no = mayDoAnywhere(actor, 'terminals.find')
  if (no !== null) return no
  const terminals = await listTerminals(office, actor, input)
  if (isRefused(terminals)) return terminals
  const at = office.clock()
  const [rows = []] = await office.db.use((connection) => connection.send(selectLastSeen(at - WEEK_MS)))
  const last = new Map(rows.map(([code, heard]) => [String(code), fromInstant(String(heard))]))
  const stores = office.registry().stores
  return terminals.map((terminal) => {
    const zone = stores.get(terminal.store)?.timeZone ?? office.timeZone
    const lastAt = last.get(terminal.code) ?? null
    const isToday = lastAt !== null && lastAt >= dayStart(dateIn(zone, at), zone)
    return { ...terminal, lastAt, silent: terminal.state === 'active' && lastAt !== null && !isToday }
  })
}

export type TerminalPage = TerminalView & {
  readonly heard: Heard
  readonly currency: number
  /** Its totals since its last end of day. */
  readonly day: { readonly since: string; readonly totals: Totals }
  /** Its last ends of day, the newest first. */
  readonly dayEnds: readonly DayEndView[]
  /** Null: not for this person. */
  readonly keys: readonly KeyView[] | null
  readonly keyChanges: readonly KeyChangeRow[]
  readonly bindings: readonly Binding[]
}

const DAY_ENDS = 14
const KEY_CHANGES = 20

export async function showTerminal(office: Office, actor: Actor, code: string): Promise<TerminalPage | Refused> {
  const no = mayDoAnywhere(actor, 'terminals.find')
  if (no !== null) return no
  const view = await findTerminal(office, actor, { terminal: code })
  if (isRefused(view)) return view
  const { store } = view.terminal
  const { stores, terminals } = office.registry()
  const zone = stores.get(store)?.timeZone ?? office.timeZone
  const since = terminals.get(code)?.openedBusinessDate ?? dateIn(zone, office.clock())
  const [sums = [], ends = []] = await office.db.use((connection) =>
    connection.send(`${selectTotals({ store, terminal: code }, since)};${selectDayEndsOf(code, DAY_ENDS)}`),
  )
  const totals = sums
    .map(toTotal)
    .reduce<Totals>((all, { name, number, amount }) => ({ ...all, [name]: { number, amount } }), NONE)
  const heard = await listSeenTerminals(office, actor, { store })
  const own = isRefused(heard) ? undefined : heard.find((one) => one.code === code)
  const everywhere = actor.rights.get('terminals.find') === 'all'
  const keys = everywhere ? await listKeys(office, actor, { terminal: code }).catch(() => null) : null
  const keyChanges = everywhere ? await listKeyChanges(office, actor, { terminal: code, most: KEY_CHANGES }) : []
  const bindings = everywhere ? await listBindings(office, actor) : []
  return {
    ...view,
    heard: { lastAt: own?.lastAt ?? null, silent: own?.silent ?? false },
    currency: stores.get(store)?.currency ?? 0,
    day: { since, totals },
    dayEnds: ends.map(toDayEndView),
    keys: keys === null || isRefused(keys) ? null : keys,
    keyChanges: isRefused(keyChanges) ? [] : keyChanges,
    bindings: isRefused(bindings)
      ? []
      : bindings.filter(({ what, code: of }) => (what === 'terminal' ? of === code : of === store)),
  }
}

const NONE: Totals = { credits: NO_TOTAL, reversedCredits: NO_TOTAL, debits: NO_TOTAL, reversedDebits: NO_TOTAL }

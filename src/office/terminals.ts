import type { Confirmation } from '../core/registry.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { selectBindings, toBinding } from '../db/sql/certificates.ts'
import { lockTerminal } from '../db/sql/day-ends.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
import { lockRegistryVersion } from '../db/sql/registry.ts'
import { type RegistryChangeView, selectSinceLastChange } from '../db/sql/registry-changes.ts'
import { holdStores } from '../db/sql/stores.ts'
import {
  countOpenOf,
  insertTerminals,
  type NewTerminal,
  selectTerminal,
  selectTerminalsNamed,
  selectTerminalsOf,
  type TerminalChange,
  type TerminalRecord,
  toTerminalRecord,
  updateTerminal,
} from '../db/sql/terminals.ts'
import type { Actor } from './actor.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { changesOf, described, differences, lotsOf, recordChanges, type Words } from './registry-changes.ts'
import { mayDo, mayDoAnywhere, storesOf } from './rights.ts'
import { wantsSecond } from './shop-approvals.ts'
import type { Against } from './stores.ts'

export type { NewTerminal, TerminalChange, TerminalRecord }

/** All of a store; null: of every store. Of an actor with own stores only theirs. */
export async function listTerminals(
  office: Office,
  actor: Actor,
  { store }: { readonly store: string | null },
): Promise<readonly TerminalRecord[] | Refused> {
  const no = mayDoAnywhere(actor, 'terminals.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectTerminalsOf(store)))
  const own = storesOf(actor, 'terminals.find')
  return rows.map(toTerminalRecord).filter((terminal) => own === 'all' || own.has(terminal.store))
}

/**
 * Whether it can be authenticated: by MAC key, certificate, a price checker's cookie, or an explicit exemption. Otherwise it is not served,
 * active or not.
 */
export const canProve = ({ mac, bound, unauthenticated, kiosk }: TerminalRecord): boolean =>
  mac !== 'none' || bound || unauthenticated || kiosk

export type TerminalView = { readonly terminal: TerminalRecord; readonly changes: readonly RegistryChangeView[] }

export async function findTerminal(
  office: Office,
  actor: Actor,
  { terminal: code }: { readonly terminal: string },
): Promise<TerminalView | Refused> {
  const no = mayDoAnywhere(actor, 'terminals.find')
  if (no !== null) return no
  return office.db.use(async (connection) => {
    const terminal = await terminalOf(connection, code)
    if (isRefused(terminal)) return terminal
    const against = mayDo(actor, 'terminals.find', terminal.store)
    return against ?? { terminal, changes: await changesOf(connection, { what: 'terminal', code }) }
  })
}

async function terminalOf(connection: WorkerConnection, code: string): Promise<TerminalRecord | Refused> {
  const [[row] = []] = await connection.send(selectTerminal(code))
  return row === undefined ? refused('no_such_terminal', { terminal: code }) : toTerminalRecord(row)
}

/** Adds an active terminal without keys: it is not served before it can be authenticated, unless it is exempt. */
export async function addTerminal(
  office: Office,
  actor: Actor,
  terminal: NewTerminal,
): Promise<(NewTerminal & { readonly active: boolean }) | Refused> {
  const against = await addTerminals(office, actor, { terminals: [terminal], save: true })
  if (isRefused(against)) return against
  const [first] = against
  if (first !== undefined) return first.why
  const [[row] = []] = await office.db.use((connection) => connection.send(selectTerminal(terminal.code)))
  return { ...terminal, active: row !== undefined && toTerminalRecord(row).state === 'active' }
}

/**
 * Adds all of them, or none if there is an objection to one. Codes must be unique. `save` false: only returns the
 * objections.
 */
export async function addTerminals(
  office: Office,
  actor: Actor,
  { terminals, save }: { readonly terminals: readonly NewTerminal[]; readonly save: boolean },
): Promise<readonly Against[] | Refused> {
  const no = mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  return inTransaction(office, (connection) => terminalsAdded(connection, office, actor, { terminals, save }))
}

export type TerminalsToAdd = {
  readonly terminals: readonly NewTerminal[]
  readonly save: boolean
  /** Stores that are added with them. */
  readonly comingStores?: readonly string[]
}

/** Called within the transaction of an authorised actor. */
export async function terminalsAdded(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { terminals, save, comingStores = [] }: TerminalsToAdd,
): Promise<readonly Against[]> {
  const at = office.clock()
  const [stores = []] = await connection.send(holdStores([...new Set(terminals.map(({ store }) => store))]))
  // Serialises additions, so that the checks below stay valid.
  if (save) await connection.send(lockRegistryVersion)
  const [there = []] = await connection.send(selectTerminalsNamed(terminals.map(({ code }) => code)))
  const known = new Set([...comingStores, ...stores.map(([code]) => String(code))])
  const against = againstAdding(terminals, known, storesByCode(there))
  if (against.length > 0 || !save) return against
  for (const lot of lotsOf(terminals)) await connection.send(insertTerminals(lot))
  const served = await servedAtOnce(connection, office, terminals)
  for (const { code } of served) await connection.send(updateTerminal(code, { state: 'inactive' }))
  await recordChanges(
    connection,
    office,
    actor,
    at,
    terminals.map((terminal) => ({
      action: 'added',
      of: { what: 'terminal', code: terminal.code },
      store: terminal.store,
      detail: described({
        store: terminal.store,
        ...wordsOf({ ...terminal, state: served.includes(terminal) ? 'inactive' : 'active' }),
      }),
    })),
  )
  await connection.send(nextRegistryVersion)
  return []
}

/**
 * New ones that nothing more has to be done for: without a proof, or by the certificate of their store. They begin inactive,
 * and become active by two people (docs/spec/abuse.md, 2); in a demo and before there is an accountant at once.
 */
async function servedAtOnce(
  connection: WorkerConnection,
  office: Office,
  terminals: readonly NewTerminal[],
): Promise<readonly NewTerminal[]> {
  const [rows = []] = await connection.send(selectBindings)
  const bound = new Set(rows.map(toBinding).flatMap(({ what, code }) => (what === 'store' ? [code] : [])))
  // A price checker has an address and a cookie of its own, and asks for balances alone.
  const served = terminals.filter((one) => one.kiosk !== true && (one.unauthenticated || bound.has(one.store)))
  const [first] = served
  return first !== undefined && (await wantsSecond(connection, office, 'terminal_alone', first.code)) ? served : []
}

const storesByCode = (rows: readonly (readonly unknown[])[]): ReadonlyMap<string, string> =>
  new Map(rows.map(([code, store]) => [String(code), String(store)]))

function againstAdding(
  terminals: readonly NewTerminal[],
  stores: ReadonlySet<string>,
  there: ReadonlyMap<string, string>,
): Against[] {
  return terminals.flatMap(({ code, store }) => {
    const has = there.get(code)
    return [
      ...(stores.has(store) ? [] : [{ code, why: refused('terminal_without_store', { terminal: code, store }) }]),
      ...(has === undefined ? [] : [{ code, why: refused('terminal_there', { terminal: code, store: has }) }]),
    ]
  })
}

export type ChangedTerminal = {
  readonly terminal: TerminalRecord
  /** One of each; none: it was so already. */
  readonly differences: readonly string[]
  /** Its approved, unconfirmed transactions. */
  readonly open: number
}

/** Absent settings are kept. */
export async function changeTerminal(
  office: Office,
  actor: Actor,
  { terminal: code, change }: { readonly terminal: string; readonly change: TerminalChange },
): Promise<ChangedTerminal | Refused> {
  const no = mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  return inTransaction(office, (connection) => terminalChanged(connection, office, actor, { terminal: code, change }))
}

/** Called within the transaction of an authorised actor. */
export async function terminalChanged(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { terminal: code, change }: { readonly terminal: string; readonly change: TerminalChange },
): Promise<ChangedTerminal | Refused> {
  const at = office.clock()
  await connection.send(lockTerminal(code))
  const before = await terminalOf(connection, code)
  if (isRefused(before)) return before
  const was = settingsOf(before)
  const changed = differences(wordsOf(was), wordsOf({ ...was, ...change }))
  const [[counted] = []] = await connection.send(countOpenOf(code))
  const open = Number(counted?.[0])
  if (changed.length === 0) return { terminal: before, differences: changed, open }
  if (change.confirmation !== undefined && change.confirmation !== before.confirmation) {
    const [[since] = []] = await connection.send(selectSinceLastChange({ what: 'terminal', code }))
    const against = againstConfirmation(before, open, since?.[0] ?? null)
    if (against !== null) return against
  }
  await connection.send(updateTerminal(code, change))
  const of = { what: 'terminal', code: before.code } as const
  const record = { action: 'changed', of, store: before.store, detail: changed.join(', ') } as const
  await recordChanges(connection, office, actor, at, [record])
  // The terminal before the version, as its end of day locks them.
  await connection.send(nextRegistryVersion)
  const terminal = await terminalOf(connection, code)
  return isRefused(terminal) ? terminal : { terminal, differences: changed, open }
}

type Settings = Omit<NewTerminal, 'code' | 'store' | 'kiosk'> & Pick<TerminalRecord, 'state'>

const settingsOf = ({ state, confirmation, textForm, storeLanguage, unauthenticated }: TerminalRecord): Settings => ({
  state,
  confirmation,
  characterSet: textForm.characterSet,
  language: storeLanguage ? 'store' : textForm.language,
  unauthenticated,
})

const wordsOf = ({ state, confirmation, characterSet, language, unauthenticated }: Settings): Words => ({
  state,
  confirmation,
  'character set': characterSet,
  language: language === 'store' ? 'as its store' : language,
  authentication: unauthenticated ? 'not needed' : 'needed',
})

/**
 * Longer than a switch needs to see a change (1 s) and to finish running requests (`engine.timeout`, default 10 s, and
 * the database).
 */
const SETTLED_SECONDS = 30

/**
 * An approval waits for its policy: for an 0202, which a terminal under `next` never sends, or for the next request,
 * which confirms nothing under another policy, and no timer ends it. So the policy changes only while nothing waits and
 * nothing new can come.
 */
function againstConfirmation(
  { code: terminal, confirmation: policy, state }: TerminalRecord,
  open: number,
  since: unknown,
): Refused | null {
  if (state === 'active') return refused('confirmation_terminal_active', { terminal, policy })
  if (since !== null && Number(since) < SETTLED_SECONDS) {
    const seconds = SETTLED_SECONDS - Math.floor(Number(since))
    return refused('confirmation_not_settled', { terminal, policy, seconds })
  }
  return open === 0
    ? null
    : refused('confirmation_open', { terminal, policy, open, how: HOW_THEY_END[policy](terminal) })
}

const HOW_THEY_END = {
  explicit: () => ({ en: 'the timer ends them', pl: 'zakończy je zegar' }),
  next: (terminal) => ({
    en: `akart terminal set ${terminal} --state active, and let it do its end of day`,
    pl: 'włącz terminal i pozwól mu zamknąć dzień',
  }),
  none: () => ({ en: 'they end by themselves', pl: 'zakończą się same' }),
} as const satisfies Record<Confirmation, (terminal: string) => { en: string; pl: string }>

import { setUpError } from '../config/set-up-error.ts'
import type { Confirmation } from '../core/registry.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import {
  changesOf,
  described,
  differences,
  lotsOf,
  recordChanges,
  takeChangeIds,
  type Words,
} from './registry-changes.ts'
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
import type { Adding, Refusal } from './store-records.ts'
import { onConnection, unitOfWork } from '../db/unit-of-work.ts'

/** All of a store; null: of every store. */
export const readTerminals = (access: Access, store: string | null): Promise<TerminalRecord[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(selectTerminalsOf(store))
    return rows.map(toTerminalRecord)
  })

export type TerminalView = { readonly terminal: TerminalRecord; readonly changes: readonly RegistryChangeView[] }

/** @throws a set-up error where there is no such terminal */
export const readTerminal = (access: Access, code: string): Promise<TerminalView> =>
  onConnection(access, async (connection) => ({
    terminal: await terminalOf(connection, code),
    changes: await changesOf(connection, { what: 'terminal', code }),
  }))

async function terminalOf(connection: WorkerConnection, code: string): Promise<TerminalRecord> {
  const [[row] = []] = await connection.send(selectTerminal(code))
  if (row === undefined) throw setUpError(`there is no terminal ${code}`)
  return toTerminalRecord(row)
}

/** Adds all of them, or none where something is against one. Each code once. */
export async function addTerminals(
  access: Access,
  terminals: readonly NewTerminal[],
  { who, save }: Adding,
): Promise<readonly Refusal[]> {
  const firstChange = save ? await takeChangeIds(access, terminals.length) : 0
  return unitOfWork(access, async (connection) => {
    const [stores = []] = await connection.send(holdStores([...new Set(terminals.map(({ store }) => store))]))
    // Whoever adds waits here for the others, so that what is read below stays so.
    if (save) await connection.send(lockRegistryVersion)
    const [there = []] = await connection.send(selectTerminalsNamed(terminals.map(({ code }) => code)))
    const refusals = againstAdding(terminals, new Set(stores.map(([code]) => String(code))), storesOf(there))
    if (refusals.length > 0 || !save) return refusals
    for (const lot of lotsOf(terminals)) await connection.send(insertTerminals(lot))
    await recordChanges(
      connection,
      firstChange,
      terminals.map((terminal) => ({
        who,
        action: 'added',
        of: { what: 'terminal', code: terminal.code },
        detail: described({ store: terminal.store, ...wordsOf({ ...terminal, state: 'active' }) }),
      })),
    )
    await connection.send(nextRegistryVersion)
    return []
  })
}

const storesOf = (rows: readonly (readonly unknown[])[]): ReadonlyMap<string, string> =>
  new Map(rows.map(([code, store]) => [String(code), String(store)]))

function againstAdding(
  terminals: readonly NewTerminal[],
  stores: ReadonlySet<string>,
  there: ReadonlyMap<string, string>,
): Refusal[] {
  return terminals.flatMap(({ code, store }) => {
    const has = there.get(code)
    return [
      ...(stores.has(store) ? [] : [{ code, text: `belongs to no store: there is no store ${store}` }]),
      ...(has === undefined ? [] : [{ code, text: `is there already, in store ${has}` }]),
    ]
  })
}

export type ChangedTerminal = {
  readonly terminal: TerminalRecord
  /** One of each; none: it was so already. */
  readonly differences: readonly string[]
  /** Transactions of it that are approved and not confirmed yet. */
  readonly open: number
}

/** @throws a set-up error where there is no such terminal, or where it cannot become so now */
export async function changeTerminal(
  access: Access,
  code: string,
  change: TerminalChange,
  who: string,
): Promise<ChangedTerminal> {
  const changeId = await takeChangeIds(access, 1)
  return unitOfWork(access, async (connection) => {
    await connection.send(lockTerminal(code))
    const before = await terminalOf(connection, code)
    const was = settingsOf(before)
    const changed = differences(wordsOf(was), wordsOf({ ...was, ...change }))
    const [[open] = []] = await connection.send(countOpenOf(code))
    if (changed.length > 0) {
      if (change.confirmation !== undefined && change.confirmation !== before.confirmation) {
        const [[since] = []] = await connection.send(selectSinceLastChange({ what: 'terminal', code }))
        mayChangeConfirmation(before, Number(open?.[0]), since?.[0] ?? null)
      }
      const of = { what: 'terminal', code: before.code } as const
      await connection.send(updateTerminal(code, change))
      await recordChanges(connection, changeId, [{ who, action: 'changed', of, detail: changed.join(', ') }])
      // The terminal before the version, as its end of day locks them.
      await connection.send(nextRegistryVersion)
    }
    return { terminal: await terminalOf(connection, code), differences: changed, open: Number(open?.[0]) }
  })
}

type Settings = Omit<NewTerminal, 'code' | 'store'> & Pick<TerminalRecord, 'state'>

const settingsOf = ({ state, confirmation, textForm, storeLanguage }: TerminalRecord): Settings => ({
  state,
  confirmation,
  characterSet: textForm.characterSet,
  language: storeLanguage ? 'store' : textForm.language,
})

const wordsOf = ({ state, confirmation, characterSet, language }: Settings): Words => ({
  state,
  confirmation,
  'character set': characterSet,
  language: language === 'store' ? 'as its store' : language,
})

/**
 * Longer than a switch takes to learn of a change (1 s) and to end what it has begun by then (`engine.patience`, 10 s unless
 * set, and the database).
 */
const SETTLED_SECONDS = 30

/**
 * What was approved under a policy waits for that policy: for an 0202, which a terminal under `next` never sends, or for the
 * next request, which under another policy confirms nothing, and no timer ends it. So a policy changes only while nothing
 * waits, and while nothing new can come.
 */
function mayChangeConfirmation({ code, confirmation, state }: TerminalRecord, open: number, since: unknown): void {
  const stays = `the confirmation policy of terminal ${code} stays ${confirmation} for now`
  if (state === 'active') {
    throw setUpError(`${stays}: first akart terminal set ${code} --state inactive, after its end of day`)
  }
  if (since !== null && Number(since) < SETTLED_SECONDS) {
    throw setUpError(
      `${stays}: a switch may still be at work for it, again in ${SETTLED_SECONDS - Math.floor(Number(since))} s`,
    )
  }
  if (open > 0) {
    const how = {
      explicit: 'the timer ends them',
      next: `akart terminal set ${code} --state active, and let it do its end of day`,
      none: 'they end by themselves',
    } as const satisfies Record<Confirmation, string>
    throw setUpError(`${stays}: transactions of it are not confirmed yet (${open}); ${how[confirmation]}`)
  }
}

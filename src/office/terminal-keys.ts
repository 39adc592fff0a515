import {
  selectAllKeys,
  selectChanges,
  selectKeysOf,
  toKeyChange,
  toStoredKey,
  type KeyChangeRow,
  type StoredKey,
} from '../db/sql/terminal-keys.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import type { Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { KeyChangeRow }

/** The data of a key that may be shown. */
export type KeyView = Pick<StoredKey, 'terminal' | 'purpose' | 'algorithm' | 'checkValue' | 'master'> & {
  readonly state: string
}

/** By terminal and purpose, the newest first; of one terminal or of all. */
export async function listKeys(
  office: Office,
  actor: Actor,
  { terminal }: { readonly terminal: string | null },
): Promise<readonly KeyView[] | Refused> {
  const no = mayDo(actor, 'terminals.find')
  if (no !== null) return no
  // If no master key opens the keys, it is a fault of the set-up and reported first.
  await office.masters()
  const [rows = []] = await office.db.use((connection) =>
    connection.send(terminal === null ? selectAllKeys : selectKeysOf([terminal])),
  )
  const now = office.clock()
  return rows
    .map(toStoredKey)
    .toSorted((a, b) => compare(a.terminal, b.terminal) || compare(a.purpose, b.purpose) || b.id - a.id)
    .map((key) => {
      const { terminal, purpose, algorithm, checkValue, master } = key
      return { terminal, purpose, algorithm, checkValue, master, state: stateOf(key, now) }
    })
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const shown = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

function stateOf({ purpose, usedAt, endsAt }: StoredKey, now: number): string {
  if (purpose === 'kbpk' || purpose === 'bdk') return ''
  if (endsAt !== null) return `${endsAt > now ? 'ends' : 'ended'} ${shown(endsAt)}`
  return usedAt === null ? '' : `used since ${shown(usedAt)}`
}

/** The history of key changes, newest first; of one terminal or of all. */
export async function listKeyChanges(
  office: Office,
  actor: Actor,
  { terminal, most }: { readonly terminal: string | null; readonly most: number },
): Promise<readonly KeyChangeRow[] | Refused> {
  const no = mayDo(actor, 'terminals.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectChanges(terminal, most)))
  return rows.map(toKeyChange)
}

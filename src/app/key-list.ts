import {
  selectAllKeys,
  selectChanges,
  selectKeysOf,
  toKeyChange,
  toStoredKey,
  type KeyChangeRow,
  type StoredKey,
} from '../db/sql/terminal-keys.ts'
import type { KeyRoom } from './key-commands.ts'

/** A key as people may see it. */
export type KeyView = Pick<StoredKey, 'terminal' | 'purpose' | 'algorithm' | 'checkValue' | 'master'> & {
  readonly state: string
}

/** By terminal and purpose, the newest first. */
export async function listKeys({ connection }: KeyRoom, terminal: string | null): Promise<KeyView[]> {
  const [rows = []] = await connection.send(terminal === null ? selectAllKeys : selectKeysOf([terminal]))
  const now = Date.now()
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

/** The newest first. */
export async function listChanges(
  { connection }: KeyRoom,
  terminal: string | null,
  most: number,
): Promise<KeyChangeRow[]> {
  const [rows = []] = await connection.send(selectChanges(terminal, most))
  return rows.map(toKeyChange)
}

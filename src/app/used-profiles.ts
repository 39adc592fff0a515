import type { Config } from '../config/schema.ts'
import { readProfile, readTerminalProfile } from './profiles.ts'

/**
 * The dialects that listeners and other hosts use, by name. The dialect of terminals must be able to carry every answer; the
 * dialect of a host only needs the elements of our requests.
 *
 * @throws a set-up error with file and line
 */
export async function readUsedProfiles({ listeners, upstreams }: Config) {
  const spoken = new Set(listeners.map(({ profile }) => profile))
  const names = [...new Set([...spoken, ...upstreams.map(({ profile }) => profile)])]
  const read = (name: string) => (spoken.has(name) ? readTerminalProfile(name) : readProfile(name))
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
}

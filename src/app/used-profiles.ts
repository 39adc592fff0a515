import type { Config } from '../config/schema.ts'
import { readProfile, readTerminalProfile } from './profiles.ts'

/**
 * The dialects that listeners and other hosts speak, by name. One that terminals speak has to carry every answer; that of
 * another host alone, only what we ask it.
 *
 * @throws a set-up error with file and line
 */
export async function readUsedProfiles({ listeners, upstreams }: Config) {
  const spoken = new Set(listeners.map(({ profile }) => profile))
  const names = [...new Set([...spoken, ...upstreams.map(({ profile }) => profile)])]
  const read = (name: string) => (spoken.has(name) ? readTerminalProfile(name) : readProfile(name))
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
}

/** Imports stores or terminals from a CSV file, all lines or none. */

import type { Actor } from './actor.ts'
import type { TextFile } from './csv-lines.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { type Imported, importLines, registryLines } from './registry-file.ts'
import { NEW, readNewStore, readNewTerminal } from './registry-settings.ts'
import { addStores } from './stores.ts'
import { addTerminals } from './terminals.ts'

export type { Imported }

export type Import = { readonly file: TextFile; readonly dryRun: boolean }

/** Stores from a CSV file, all or none. */
export async function importStores(
  office: Office,
  actor: Actor,
  { file, dryRun }: Import,
): Promise<Imported | Refused> {
  const no = mayDo(actor, 'stores.edit')
  if (no !== null) return no
  const lines = registryLines(file, { columns: Object.keys(NEW.store), needed: ['store', 'name'], read: readNewStore })
  if (isRefused(lines)) return lines
  return importLines(lines, dryRun, (stores, save) => addStores(office, actor, { stores, save }))
}

/** Terminals from a CSV file, all or none. */
export async function importTerminals(
  office: Office,
  actor: Actor,
  { file, dryRun }: Import,
): Promise<Imported | Refused> {
  const no = mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  const needed = ['terminal', 'store']
  const lines = registryLines(file, { columns: Object.keys(NEW.terminal), needed, read: readNewTerminal })
  if (isRefused(lines)) return lines
  return importLines(lines, dryRun, (terminals, save) => addTerminals(office, actor, { terminals, save }))
}

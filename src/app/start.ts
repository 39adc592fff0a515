/** The steps of a start keep what they open here, so that a stop or a failed start closes it in reverse order. */

import type { CardKeys } from '../cards/keys.ts'
import type { Config } from '../config/schema.ts'
import type { MasterKeyring } from '../custody/master-keyring.ts'
import type { Access } from '../db/access.ts'
import type { Head } from '../db/audit-chain.ts'
import type { NumberKeyRow } from '../db/pan-keys.ts'
import type { Profile } from '../iso8583/profile.ts'
import type { Log } from '../log.ts'
import type { AuditAnchor } from '../office/audit-verification.ts'
import { createTroubleLog, type TroubleLog } from './trouble-log.ts'

export type AppParts = {
  readonly access: Access
  readonly config: Config
  /** The keys at the start; `reloadKeys` loads them again when the database's list of PAN keys has changed. */
  readonly keys: CardKeys
  readonly reloadKeys: (rows: readonly NumberKeyRow[]) => Promise<CardKeys>
  /** The master keys of terminal keys. */
  readonly masters: MasterKeyring
  /** The database is marked as demo. */
  readonly demo: boolean
  /** By name, those that the listeners of the configuration use. */
  readonly profiles: ReadonlyMap<string, Profile>
  /** Keeps the head of the audit's chain outside the database. */
  readonly anchorAudit: (head: Head) => Promise<void>
  /** The head that was kept, and when; null: none yet. */
  readonly readAuditAnchor: () => Promise<AuditAnchor | null>
  /** Directories with the layouts of card makers. */
  readonly makers: readonly string[]
  readonly log: Log
}

/** The parts that each step of the start uses. */
export type Start = AppParts & {
  readonly troubles: TroubleLog
  readonly trouble: (what: string) => (error: unknown) => void
  /** Registers a running part to be stopped with the rest, before the parts that were registered earlier. */
  readonly keep: <Part extends { readonly stop: () => Promise<void> }>(part: Part) => Part
  /** Stops the kept parts in reverse order. */
  readonly stop: () => Promise<void>
}

export function beginStart(parts: AppParts): Start {
  const running: { readonly stop: () => Promise<void> }[] = []
  const troubles = createTroubleLog(parts.log)
  return {
    ...parts,
    troubles,
    trouble: (what) => (error) => troubles.note(what, error),
    keep(part) {
      running.push(part)
      return part
    },
    async stop() {
      for (const part of running.reverse()) await part.stop()
      running.length = 0
    },
  }
}

import type { CardKeys } from '../cards/keys.ts'
import type { Registry } from '../core/registry.ts'
import type { Request } from '../core/request.ts'
import type { Outcome } from '../core/state.ts'
import type { MasterKeyring } from '../custody/master-keyring.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Database } from '../db/database.ts'
import type { Traffic } from '../engine/traffic.ts'
import type { Log } from '../log.ts'
import { isRefused, type Refused } from './refusal.ts'

/**
 * The environment of all use cases. A running server makes one Office and shares it among its doors; a command makes
 * its own. A use case has the shape `(office, actor, input) → Promise<Result | Refused>`; its first line checks the
 * right.
 */
export type Office = {
  readonly db: Database
  /** The present keys: the keys of card numbers can be rotated beside running traffic. */
  readonly keys: () => CardKeys
  /** The master keys of terminal keys. */
  readonly masters: () => Promise<MasterKeyring>
  readonly registry: () => Registry
  /** Reads the registry again, after a use case has changed it. */
  readonly refreshRegistry: () => Promise<void>
  /** The one door to money. */
  readonly submit: (request: Request) => Promise<Pick<Outcome, 'result' | 'row'>>
  /** Throws while the database gives no new ids. */
  readonly nextId: () => number
  /** The load of its engine, to which long work yields; null: a command, which serves no tills. */
  readonly traffic: Traffic | null
  /** Ms since 1970. One reading serves one act. */
  readonly clock: () => number
  /** IANA name: the zone of what concerns no store. */
  readonly timeZone: string
  /** The database is marked as demo. */
  readonly demo: boolean
  /** Directories with the layouts of card makers; the first one that has a layout of a name counts. */
  readonly makers: readonly string[]
  readonly log: Log
}

/** One database transaction for a use case; a refusal rolls it back. */
export const inTransaction = <T>(
  { db }: Pick<Office, 'db'>,
  work: (connection: WorkerConnection) => Promise<T | Refused>,
): Promise<T | Refused> => db.transaction(work, (result) => !isRefused(result))

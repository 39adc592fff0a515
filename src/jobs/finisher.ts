import { type WorkerConnection, workerConnection } from '../db/connection.ts'
import type { Office } from '../office/office.ts'
import { startPoller, type Poller } from './poller.ts'

type Finisher = {
  /** Polling interval in ms. */
  readonly every: number
  /** Finds and finishes abandoned work. Long work checks `isStopping`. */
  readonly finish: (connection: WorkerConnection, isStopping: () => boolean) => Promise<void>
  /** Called once per series of failures. */
  readonly trouble: (error: unknown) => void
}

/** Continues the work of processes that have ended. Any number of processes may run it. */
export function startFinisher({ db }: Pick<Office, 'db'>, { every, finish, trouble }: Finisher): Poller {
  const connection = workerConnection(db.access)
  let troubled = false
  return startPoller({
    every,
    async look(isStopping) {
      await finish(connection, isStopping)
      troubled = false
    },
    async failed(error) {
      await connection.rollback()
      if (!troubled) trouble(error)
      troubled = true
    },
    close: connection.close,
  })
}

import { type WorkerConnection, workerConnection } from '../db/connection.ts'
import type { Office } from '../office/office.ts'
import { startPoller, type Poller } from './poller.ts'

type Finisher = {
  /** Polling interval in ms. */
  readonly every: number
  /** Looks for work that was begun and that nobody does, and finishes it; what is long asks whether it should stop. */
  readonly finish: (connection: WorkerConnection, isStopping: () => boolean) => Promise<void>
  /** Told once, until a look has gone well again. */
  readonly trouble: (error: unknown) => void
}

/** Goes on with what a process that is gone has begun. Any number of processes may look. */
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

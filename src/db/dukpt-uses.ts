import type { WorkerConnection } from './connection.ts'
import { binary, integer } from './sql/literal.ts'

/** A transaction key of a PIN pad, and the request that it was used for. */
export type DukptUse = {
  /** Initial key id, 16 lower-case hex digits. */
  readonly device: string
  readonly counter: number
  /** Digest of the request's key, 32 lower-case hex digits. */
  readonly request: string
}

export type DukptClaims = {
  /** True: the key is this request's, now or since an earlier time; committed. False: it was another's. */
  readonly claim: (use: DukptUse) => Promise<boolean>
  readonly stop: () => Promise<void>
}

/** The number of keys in one statement. */
const AT_ONCE = 256

/** While one statement runs, the next ones gather: a lone swipe is claimed at once, many together. */
export function dukptClaims(connection: WorkerConnection): DukptClaims {
  type Waiting = {
    readonly use: DukptUse
    readonly tell: (ours: boolean) => void
    readonly fail: (why: unknown) => void
  }
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const now = waiting.slice(0, AT_ONCE)
      waiting = waiting.slice(AT_ONCE)
      try {
        const owners = await claimAll(
          connection,
          now.map(({ use }) => use),
        )
        for (const { use, tell } of now) tell(owners.get(nameOf(use)) === use.request)
      } catch (error) {
        for (const { fail } of now) fail(error)
      }
    }
    running = null
  }

  return {
    claim: (use) =>
      new Promise((tell, fail) => {
        waiting.push({ use, tell, fail })
        running ??= run()
      }),
    async stop() {
      await running
      await connection.close()
    },
  }
}

/** The first one to come is the owner, in whatever process: the primary key decides. By device and counter. */
async function claimAll(connection: WorkerConnection, uses: readonly DukptUse[]): Promise<ReadonlyMap<string, string>> {
  // In one order everywhere, so that two processes never wait for each other.
  const sorted = uses.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const rows = sorted.map((use) => `(${binary(use.device)},${integer(use.counter)},${binary(use.request)})`).join(',')
  const keys = uses.map((use) => `(${binary(use.device)},${integer(use.counter)})`).join(',')
  await connection.send(
    `INSERT INTO dukpt_uses (device, counter, request) VALUES ${rows} ON DUPLICATE KEY UPDATE counter = dukpt_uses.counter`,
  )
  const [owners = []] = await connection.send(
    `SELECT LOWER(HEX(device)), counter, LOWER(HEX(request)) FROM dukpt_uses WHERE (device, counter) IN (${keys})`,
  )
  return new Map(
    (owners as readonly [string, number, string][]).map(([device, counter, request]) => [
      nameOf({ device, counter }),
      request,
    ]),
  )
}

const nameOf = ({ device, counter }: Pick<DukptUse, 'device' | 'counter'>): string => `${device} ${counter}`

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { commonArguments, findMariadb, temporaryDirectory } from '../src/home/mariadb-program.ts'
import { openConnection, type Access } from '../src/db/access.ts'

export type OwnServer = {
  /** The access of the root user, over the socket. */
  readonly access: Access
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
}

const LOOKS = 1_000

/** A database server as an operator sets one up, with `options` of its own; small files. */
export async function startOwnServer(directory: string, options: readonly string[]): Promise<OwnServer> {
  const program = await findMariadb()
  const data = join(directory, 'data')
  await mkdir(directory, { recursive: true })
  await bootstrapDataDirectory(program, data, { logFileSize: '8M' })
  await mkdir(temporaryDirectory(data), { recursive: true })
  const socketPath = join(directory, 'own.sock')
  const common = [
    ...commonArguments(program, data),
    `--socket=${socketPath}`,
    `--log-error=${directory}/server.err`,
    '--innodb-rollback-on-timeout=ON',
    '--innodb-log-file-size=8M',
    '--innodb-buffer-pool-size=64M',
    // Without it the server listens on port 3306 of every address, so that only one could run at a time.
    ...(options.some((option) => option.startsWith('--port=')) ? [] : ['--skip-networking']),
  ]
  const child = spawn(program.mariadbd, [...common, ...options], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const access: Access = {
    socketPath,
    host: 'localhost',
    port: 3306,
    user: 'root',
    password: '',
    database: '',
    tls: null,
  }
  for (let i = 0; child.exitCode === null; i++) {
    const connection = await openConnection(access, { multipleStatements: false }).catch(() => null)
    if (connection !== null) {
      await connection.end()
      return {
        access,
        pid: child.pid ?? 0,
        async kill(signal) {
          child.kill(signal)
          await exited
        },
      }
    }
    if (i === LOOKS) child.kill('SIGKILL')
    await sleep(50)
  }
  throw new Error(`the server did not start, see ${directory}/server.err`)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { commonArguments, findMariadb, temporaryDirectory } from '../src/home/mariadb-program.ts'
import { openConnection, type Access } from '../src/db/access.ts'

export type LoggyServer = {
  readonly access: Access
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
}

/** A server of somebody's own that writes down all it can: binlog, general log, slow log of everything. Small files. */
export async function startLoggyServer(directory: string): Promise<LoggyServer> {
  const program = await findMariadb()
  const data = join(directory, 'data')
  await mkdir(directory, { recursive: true })
  await bootstrapDataDirectory(program, data, { logFileSize: '8M' })
  await mkdir(temporaryDirectory(data), { recursive: true })
  const socketPath = join(directory, 'loggy.sock')
  const options = [
    ...commonArguments(program, data),
    '--skip-networking',
    `--socket=${socketPath}`,
    `--log-error=${directory}/server.err`,
    `--log-bin=${directory}/binlog`,
    '--server-id=1',
    '--sync-binlog=1',
    '--binlog-format=MIXED',
    '--general-log=1',
    `--general-log-file=${directory}/general.log`,
    '--slow-query-log=1',
    '--long-query-time=0',
    `--slow-query-log-file=${directory}/slow.log`,
    '--innodb-rollback-on-timeout=ON',
    '--innodb-log-file-size=8M',
    '--innodb-buffer-pool-size=64M',
  ]
  const child = spawn(program.mariadbd, options, { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const access: Access = { socketPath, host: 'localhost', port: 3306, user: 'root', password: '', database: '' }
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
    if (i === 1_000) child.kill('SIGKILL')
    await sleep(50)
  }
  throw new Error(`the server did not start, see ${directory}/server.err`)
}

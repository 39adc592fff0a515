import { join } from 'node:path'
import { startOwnServer, type OwnServer } from './own-server.ts'

/** A server of the user's own that logs everything: binlog, general log, slow log. Small files. */
export const startLoggyServer = (directory: string): Promise<OwnServer> =>
  startOwnServer(directory, [
    '--skip-networking',
    `--log-bin=${join(directory, 'binlog')}`,
    '--server-id=1',
    '--sync-binlog=1',
    '--binlog-format=MIXED',
    '--general-log=1',
    `--general-log-file=${join(directory, 'general.log')}`,
    '--slow-query-log=1',
    '--long-query-time=0',
    `--slow-query-log-file=${join(directory, 'slow.log')}`,
  ])

import { join } from 'node:path'
import { startOwnServer, type OwnServer } from './own-server.ts'

/** A server of somebody's own that writes down all it can: binlog, general log, slow log of everything. Small files. */
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

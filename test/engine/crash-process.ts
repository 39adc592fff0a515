// An engine that dies at a named point of its first batch: takes one list of requests from its parent, answers what it can.
import process from 'node:process'
import type { Request } from '../../src/core/request.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { crashingProxy, type CrashPoint } from './crashing-proxy.ts'
import { engineSetting } from './engine-setting.ts'

const [url = '', point = ''] = process.argv.slice(2)
const setting = await engineSetting({ teardown: () => {} }, parseDatabaseUrl(url))
const access = await crashingProxy(setting.access, point as CrashPoint)
const engine = setting.engine({ workers: 1, batchMax: 32 }, {}, access)

process.on('message', (requests: Request[]) => {
  for (const request of requests) void engine.submit(request).then((answer) => process.send?.(answer))
})
process.send?.('ready')

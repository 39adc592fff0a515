// An engine in a process of its own, to be killed: takes requests from its parent and returns the answers.
import process from 'node:process'
import type { Request } from '../../src/core/request.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { engineSetting } from './engine-setting.ts'

export type Order = { readonly number: number; readonly request: Request }

const [url = ''] = process.argv.slice(2)
const ends: (() => Promise<void>)[] = []
const setting = await engineSetting({ teardown: (end) => ends.push(end) }, parseDatabaseUrl(url))
const engine = setting.engine({ workers: 3, batchMax: 32 })

process.on('message', ({ number, request }: Order) => {
  void engine.submit(request).then((answer) => process.send?.({ number, answer }))
})
process.on('disconnect', () => {
  void engine
    .stop()
    .then(() => Promise.all(ends.map((end) => end())))
    .then(() => process.exit(0))
})
process.send?.('ready')

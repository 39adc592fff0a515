import { appendFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/*
 * Loaded into a process by `--import`: collects all garbage now and then, and appends what is left to the file that the
 * environment names, one line of JSON each: bytes of the heap and resident ones.
 */

const file = process.env['HEAP_REPORT']
if (isMainThread && file !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const look = (): void => {
    collect()
    const { heapUsed, external, rss } = process.memoryUsage()
    appendFileSync(file, `${JSON.stringify({ heap: heapUsed, external, rss })}\n`)
  }
  setInterval(look, Number(process.env['HEAP_REPORT_MS'] ?? 10_000)).unref()
}

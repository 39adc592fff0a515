import t from 'tap'
import { createLogSummary } from '../../src/app/log-summary.ts'
import { linesAllowed } from '../../src/app/open-files.ts'
import type { Log } from '../../src/log.ts'

t.test('events that anybody can cause are one line and a count for each address and second', async (t) => {
  const lines: unknown[] = []
  let endOfSecond = (): void => void t.fail('no second has begun')
  const log = { log: (level: string, message: string, details: object) => lines.push([level, message, details]) }
  const { note } = createLogSummary(log as unknown as Log, (run) => (endOfSecond = run))

  for (let i = 1; i <= 20_000; i++) note('warn', 'frame refused', '192.0.2.1', { trace: `iso-1-${i}` })
  note('warn', 'frame refused', '::ffff:192.0.2.1', { trace: 'iso-2-1' })
  note('warn', 'frame refused', '192.0.2.2', { trace: 'iso-3-1' })
  note('info', 'line opened', '192.0.2.1', { line: 'iso-4' })
  endOfSecond()
  t.same(lines, [
    ['warn', 'frame refused', { address: '192.0.2.1', trace: 'iso-1-1' }],
    ['warn', 'frame refused', { address: '192.0.2.2', trace: 'iso-3-1' }],
    ['info', 'line opened', { address: '192.0.2.1', line: 'iso-4' }],
    ['warn', 'frame refused', { address: '192.0.2.1', more: 20_000 }],
  ])

  lines.length = 0
  for (let i = 0; i < 5_000; i++) note('info', 'line refused', `10.0.${i >> 8}.${i & 255}`, {})
  endOfSecond()
  t.equal(lines.length, 1_000 + 1 + 1, 'a thousand addresses, and all others together')
  t.same(lines.at(-1), ['info', 'line refused', { address: 'all others', more: 3_999 }])
})

t.test('connections leave file descriptors for the rest of the process', async (t) => {
  const rows: [number, number, number][] = [
    [20_000, Infinity, 20_000],
    [20_000, 20_000, 19_488],
    [20_000, 1024, 512],
    [20_000, 256, 128],
    [100, 1024, 100],
  ]
  for (const [configured, openFiles, allowed] of rows) t.equal(linesAllowed(configured, openFiles), allowed)
})

import t from 'tap'
import { type Rooms, sayRooms } from './table.ts'

const rooms = (said: Record<string, string>): Rooms => new Map(Object.entries(said))

t.test('what `make test-servers` says at its end', (t) => {
  const said: string[] = []
  const good = sayRooms(
    new Map([
      ['mariadb-11.8', rooms({ db: '375 passed, 0 failed', web: '12 passed, 0 failed' })],
      ['mysql-9.7', null],
    ]),
    (line) => said.push(line),
  )
  t.ok(good, 'a server that is not to be had is no failure')
  t.same(
    said.map((line) => line.split(/ {2,}/u)),
    [
      ['room', 'mariadb-11.8', 'mysql-9.7'],
      ['db', '375 passed, 0 failed', 'not to be had'],
      ['web', '12 passed, 0 failed', 'not to be had'],
      ['387 passed, 0 failed'],
    ],
  )
  for (const [what, text, last] of [
    ['a failure', '374 passed, 1 failed', '374 passed, 1 failed'],
    ['a room that broke', 'Error: no', '0 passed, 1 failed'],
    ['a room that was stopped', 'stopped: 3 passed, 0 failed', '0 passed, 1 failed'],
  ] as const) {
    const lines: string[] = []
    t.notOk(
      sayRooms(new Map([['mysql-9.7', rooms({ db: text })]]), (line) => lines.push(line)),
      what,
    )
    t.equal(lines.at(-1), last, what)
  }
  t.end()
})

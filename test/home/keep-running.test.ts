import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { serversInside } from '../../src/home/leftovers.ts'
import { RESTARTS_AT_MOST } from '../../src/home/keep-running.ts'
import { openTill } from '../conformance/till.ts'
import { upForTest, type RunningAkart } from '../up.ts'

// It takes less than a second; this machine may be busy.
const BACK_WITHIN_MS = 60_000

async function serverOf({ home }: RunningAkart): Promise<number> {
  for (;;) {
    const [pid] = await serversInside(home)
    if (pid !== undefined) return pid
    await sleep(20)
  }
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

void t.test(
  'the private database server is killed: it is started again, within bounds',
  { timeout: 400_000 },
  async (t) => {
    const akart = await upForTest(t)
    const cards = (await readFile(join(akart.home, 'demo', 'cards.csv'), 'utf8'))
      .split(/\r?\n/u)
      .map((row) => row.split(','))
    const [track] = cards.flatMap(([, , track2, , , issue, state]) =>
      issue === 'OPEN' && state === 'sold' ? [track2] : [],
    )
    const store = '000000000000001'
    const terminal = (name: string) => ({ terminal: name, store, mac: 'none' as const, key: '' })
    const till = await openTill({ address: () => `${akart.iso.host}:${akart.iso.port}`, terminal }, 'DEMO0001')
    const payment = () => till.message('0200', { 3: '006000', 4: '000000000100', 22: '022', 35: track, 49: '985' })
    const pays = async (): Promise<string | undefined> => (await till.send(payment()).catch(() => null))?.fields[39]

    const before = payment()
    t.equal((await till.send(before)).fields[39], '00')
    const first = await serverOf(akart)
    process.kill(first, 'SIGKILL')
    const killed = performance.now()
    while ((await pays()) !== '00' && performance.now() - killed < BACK_WITHIN_MS) await sleep(50)
    const back = performance.now() - killed
    t.ok(back < BACK_WITHIN_MS, `payments are back after ${Math.round(back)} ms`)
    t.equal((await till.send({ ...before, mti: '0201' })).fields[39], '00', 'and nothing is lost')
    t.not(await serverOf(akart), first)
    const readyz = async () => (await fetch(`http://${akart.http.host}:${akart.http.port}/readyz`)).status
    while ((await readyz()) !== 200 && performance.now() - killed < 2 * BACK_WITHIN_MS) await sleep(50)
    t.ok(performance.now() - killed < 2 * BACK_WITHIN_MS, '/readyz says so')

    // A process that dies repeatedly is not started for ever. On a slow machine the first deaths are forgiven by now.
    let kills = 1
    while (!isGone(akart.pid)) {
      const [server] = await serversInside(akart.home)
      if (server !== undefined && !isGone(server)) {
        process.kill(server, 'SIGKILL')
        kills++
      }
      while (server !== undefined && !isGone(server)) await sleep(20)
      await sleep(20)
    }
    t.ok(kills > RESTARTS_AT_MOST, `${kills} kills`)
    t.equal(await akart.ended, 2, 'the exit code of a set-up that cannot be worked on')
    t.match(akart.errors(), /akart: the database server does not stay up; see \S+/u)
    t.same(await serversInside(akart.home), [])
  },
)

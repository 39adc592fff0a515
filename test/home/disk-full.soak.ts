import { execFile } from 'node:child_process'
import { mkdtemp, open, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { openTill } from '../conformance/till.ts'
import { upForTest } from '../up.ts'

const run = promisify(execFile)
const SIZE = '440M'
const MEGABYTE = Buffer.alloc(2 ** 20)

/** A small disk of its own: only root may mount one. */
const disk = await mkdtemp(join(tmpdir(), 'akart-full-'))
const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk]).then(
  () => true,
  () => false,
)
t.teardown(async () => {
  if (mounted) await run('umount', ['--lazy', disk])
  await rm(disk, { recursive: true, force: true })
})

/** Writes until nothing more fits. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (;;) await file.write(MEGABYTE)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}

const skip = mounted ? false : 'only root may mount a disk'
void t.test(
  'log and database on a full disk: nothing is approved, and all goes on when there is room',
  { skip, timeout: 280_000 },
  async (t) => {
    const home = join(disk, 'home')
    const akart = await upForTest(t, {}, home)
    const rows = (await readFile(join(home, 'demo', 'cards.csv'), 'utf8')).split(/\r?\n/u).map((row) => row.split(','))
    const tracks = rows.flatMap(([, , track2 = '', , , issue, state]) =>
      issue === 'OPEN' && state === 'sold' ? [track2] : [],
    )
    const terminal = (name: string) => ({ terminal: name, store: '000000000000001', mac: 'none' as const, key: '' })
    const till = await openTill({ address: () => `${akart.iso.host}:${akart.iso.port}`, terminal }, 'DEMO0001')
    let sent = 0
    const pay = async (): Promise<string> => {
      const track = tracks[sent++ % tracks.length]
      const request = till.message('0200', { 3: '006000', 4: '000000000001', 22: '022', 35: track, 49: '985' })
      const answer = await till.send(request).catch(() => null)
      return answer?.fields[39] ?? 'no answer'
    }
    t.equal(await pay(), '00')

    await fill(join(disk, 'filler'))
    // The existing files still have room for some; then the disk is full for the database too.
    const counts = new Map<string, number>()
    const began = performance.now()
    let refused = 0
    while (refused < 20 && performance.now() - began < 120_000) {
      const answers = await Promise.all(Array.from({ length: 64 }, pay))
      for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
      refused = answers.filter((answer) => answer !== '00').length
    }
    t.comment(JSON.stringify(Object.fromEntries(counts)))
    t.ok(refused >= 20, 'nothing is approved any more')
    for (const answer of counts.keys()) t.match(answer, /^(00|96|no answer)$/u)
    await sleep(10_000) // it stays so for a while
    t.doesNotThrow(() => process.kill(akart.pid, 0), 'and Akart lives')

    await rm(join(disk, 'filler'))
    const freed = performance.now()
    while ((await pay()) !== '00' && performance.now() - freed < 60_000) await sleep(100)
    t.ok(performance.now() - freed < 30_000, `payments are back after ${Math.round(performance.now() - freed)} ms`)
    t.ok((await statfs(disk)).bavail > 0)
    const lines = akart.errors().split('\n').length
    t.ok(lines < 400, `${lines} lines were said`)
    t.equal(await akart.stop(), 0)
  },
)

import t from 'tap'
import { onTestServer } from '../up.ts'
import { fuzzAkart } from './fuzz-run.ts'

const FRAMES = 250_000
t.test('1,000,000 frames on the lines of four profiles', { timeout: 0 }, async (t) => {
  const seed = Date.now() % 2 ** 32
  const { troubles, told, missed, asked, grown, stopped, ledger } = await fuzzAkart(FRAMES, seed, await onTestServer(t))
  for (const line of told) t.comment(line)
  t.same(troubles, [], `every frame got what it has to (seed ${seed})`)
  t.same(missed, [], 'the terminal beside them missed no answer')
  t.comment(`it asked ${asked} times; the process grew by ${grown.mebibytes.toFixed(0)} MiB, ${grown.files} files`)
  t.ok(grown.mebibytes < 256)
  t.ok(grown.files < 30)
  t.equal(ledger.code, 0, ledger.said)
  t.equal(stopped, 0)
})

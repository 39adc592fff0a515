import t, { type Test as Tap } from 'tap'
import fc from 'fast-check'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLogFile } from '../src/log/file.ts'
import { closeLog, maskNumbers, openLog } from '../src/log.ts'

const CARD = '6299100000000047'
const MASKED = '629910******0047'

t.test('numbers in text', async (t) => {
  const rows: [string, string][] = [
    [CARD, MASKED],
    [`card ${CARD}, twice: ${CARD}.`, `card ${MASKED}, twice: ${MASKED}.`],
    [`;${CARD}=4912722?`, `;${MASKED}=4912722?`],
    [`x${CARD}y`, `x${MASKED}y`],
    ['6299100000000048', '6299100000000048'], // wrong check digit: no card number
    ['18446744073709551615', '18446744073709551615'], // 20 digits
    ['00000000000', '00000000000'], // 11 digits
    ['000000000000', '000000**0000'], // 12, and Luhn holds: masked rather than doubted
    ['6299101000000000000', '629910*********0000'], // 19
    ['', ''],
  ]
  for (const [text, wanted] of rows) t.equal(maskNumbers(text), wanted, text)
})

t.test('property: a valid card number is masked, whatever surrounds it', async () => {
  const body = fc.stringMatching(/^62991[0-9]{6,13}$/)
  const around = fc.string().filter((text) => !/^\d|\d$/.test(text))
  fc.assert(
    fc.property(body, around, around, (digits, before, after) => {
      const number = withCheckDigit(digits)
      const masked = maskNumbers(before + number + after)
      return !masked.includes(number) && masked.includes(`${number.slice(0, 6)}${'*'.repeat(number.length - 10)}`)
    }),
  )
})

t.test('a log file: JSON lines, ids of requests, nothing that must not be there', async (t) => {
  const file = join(await directoryFor(t), 'log', 'akart.log')
  const log = openLog({ level: 'info', file: { file, maxSize: 1_000_000, maxFiles: 2 } })
  const child = log.child({ request: 'r-17' })
  child.info(`paid with ${CARD}`, { card: CARD, list: [{ [CARD]: CARD }], amount: 100, time: 1763832605123 })
  child.info('secrets', {
    track1: 'B6299',
    track2: CARD,
    Track2: CARD,
    eCode: 'ABCD',
    ecode: 'ABCD',
    key: 'k',
    password: 'p',
    inner: { password: 'p', kept: 1 },
    asNumber: Number(CARD),
    asBigint: BigInt(CARD),
    bytes: Buffer.from(CARD),
  })
  child.info('failed', { error: new Error(`no card ${CARD}`, { cause: new Error(CARD) }) })
  const ring: Record<string, unknown> = { name: 'ring' }
  ring['self'] = ring
  child.info('ring', ring)
  child.debug('not at this level')
  t.equal(log.isLevelEnabled('debug'), false)
  await closeLog(log)

  const text = await readFile(file, 'utf8')
  t.equal((await stat(file)).mode & 0o777, 0o600)
  t.notMatch(text, CARD)
  t.notMatch(text, /ABCD|B6299|hunter/)
  const [paid, secrets, failed, last, ...more] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  t.match(paid, {
    level: 'info',
    message: `paid with ${MASKED}`,
    request: 'r-17',
    card: MASKED,
    list: [{ [MASKED]: MASKED }],
    amount: 100,
    timestamp: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  })
  const { timestamp: _when, ...fields } = secrets as Record<string, unknown>
  t.same(fields, {
    level: 'info',
    message: 'secrets',
    request: 'r-17',
    inner: { kept: 1 },
    asNumber: MASKED,
    asBigint: MASKED,
    bytes: '16 bytes',
  })
  t.match(failed, { error: { message: `no card ${MASKED}`, stack: /log\.test/, cause: { message: MASKED } } })
  t.match(last, { message: 'ring', self: { self: { name: 'ring' } } })
  t.same(more, [])
})

t.test('no control characters get into the log, in any part of a line', async (t) => {
  const file = join(await directoryFor(t), 'akart.log')
  const log = openLog({ level: 'info', file: { file, maxSize: 1_000_000, maxFiles: 2 } })
  const evil = [
    '\u001b[2J',
    '\u001b]0;title\u0007',
    '\u009b31m',
    '\r\n{"level":"info"}',
    '\u202egnp.exe',
    '\u2066',
    '\u200b',
    '\ud800',
    '\u{e0041}',
  ]
  for (const text of evil) {
    log.info(text, { reason: text, inner: { [text]: [text] }, error: new Error(text, { cause: new Error(text) }) })
  }
  await closeLog(log)
  const text = await readFile(file, 'utf8')
  t.equal(text.trim().split('\n').length, evil.length, 'a line each')
  const shown = text.trim().split('\n').map((line) => everyText(JSON.parse(line))) // prettier-ignore
  // A stack has line ends, and they are escaped in the file.
  t.same(
    shown.flat().filter((one) => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(one.replaceAll('\n', ''))),
    [],
  )
  t.equal((JSON.parse(text.split('\n')[0] ?? '') as { reason: string }).reason, '\\u001b[2J', 'it is shown instead')
})

/** Every string in a value, names of fields too. */
function everyText(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...everyText(inner)])
}

t.test('a full file is rotated, and the configured number is kept', async (t) => {
  const directory = await directoryFor(t)
  const file = join(directory, 'akart.log')
  await writeFile(file, 'from before\n')
  const stream = openLogFile({ file, maxSize: 40, maxFiles: 3 }, (what) => t.fail(what))
  const lines = Array.from({ length: 12 }, (_, i) => `line ${String(i).padStart(2, '0')} of twelve\n`)
  for (const line of lines) {
    stream.write(line)
    // Written one by one: lines that come together are written together.
    while (!(await readFile(file, 'utf8').catch(() => '')).includes(line)) await sleep(1)
  }
  stream.end()
  await once(stream, 'finish')
  t.same((await readdir(directory)).sort(), ['akart.log', 'akart.log.1', 'akart.log.2'])
  const kept = await Promise.all(['akart.log.2', 'akart.log.1', 'akart.log'].map((name) => readFile(join(directory, name), 'utf8'))) // prettier-ignore
  t.same(kept.join(''), lines.slice(-5).join(''), 'the newest, whole, in order')
})

t.test(
  'a full disk stops nothing: lines are dropped, said once, counted, and written again when there is room',
  async (t) => {
    const directory = await directoryFor(t)
    const file = join(directory, 'akart.log')
    await symlink('/dev/full', file)
    const said: string[] = []
    const stream = openLogFile({ file, maxSize: 1_000_000, maxFiles: 3 }, (what) => said.push(what))
    const before = process.memoryUsage().rss
    const line = `${'x'.repeat(999)}\n`
    for (let i = 0; i < 200_000; i++) stream.write(line)
    await new Promise<void>((done) => stream.write('the last one\n', () => done()))
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024
    t.ok(grown < 160, `200 MB that no disk takes took ${grown.toFixed(0)} MiB of memory`)
    while (said.length === 0) await sleep(1)
    t.same(said, ["the log can't be written (ENOSPC); its lines are dropped until it can"])

    await symlink(join(directory, 'room'), join(directory, 'new'))
    await rename(join(directory, 'new'), file)
    const written = async (): Promise<string> => readFile(join(directory, 'room'), 'utf8').catch(() => '')
    let tries = 0
    while ((await written()) === '') {
      stream.write(`try ${++tries}\n`)
      await sleep(5)
    }
    stream.end()
    await once(stream, 'finish')
    const [lost, next] = (await written()).split('\n')
    t.match(JSON.parse(lost ?? ''), { level: 'error', message: 'lines of the log are lost' })
    const { lost: count } = JSON.parse(lost ?? '') as { lost: number }
    t.equal(next, `try ${count - 200_001 + 1}`, 'every line that is not there is counted')
    t.equal(said.length, 1)
  },
)

t.test('standard error gets warnings, unless only errors are wanted', (t) => {
  const rows = [
    ['error', 'error'],
    ['warn', 'warn'],
    ['info', 'warn'],
    ['debug', 'warn'],
  ] as const
  for (const [level, wanted] of rows) t.equal(openLog({ level, file: null }).transports[0]?.level, wanted, level)
  t.end()
})

async function directoryFor(t: Pick<Tap, 'teardown'>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'akart-log-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

function withCheckDigit(digits: string): string {
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, i) => {
      const weighed = i % 2 === 0 ? Number(digit) * 2 : Number(digit)
      return total + (weighed > 9 ? weighed - 9 : weighed)
    }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

import t from 'tap'
import fc from 'fast-check'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

t.test('property: whatever stands around a valid number, it does not get through', async () => {
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
  const directory = await mkdtemp(join(tmpdir(), 'akart-log-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const file = join(directory, 'log', 'akart.log')
  const log = openLog({ level: 'info', file })
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

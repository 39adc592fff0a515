import fc from 'fast-check'
import t from 'tap'
import { scenarioOf } from '../../simulators/record/scenario-of.ts'
import { type Seen, talkIn } from '../../simulators/record/talk.ts'
import { parseScenario } from '../../simulators/scenario/parse.ts'
import type { Message } from '../../simulators/terminal/message.ts'

const settings = { title: 'a talk', source: 'a test', silence: 'unread', pauses: false } as const

const message = (mti: string, fields: Record<number, string>, trace = 1): Message => ({
  mti,
  fields: {
    7: '1122173005',
    11: String(trace).padStart(6, '0'),
    12: '183005',
    13: '1122',
    41: 'FIELD001',
    42: '000000000000042',
    ...fields,
  },
})
const said = (at: number, one: Message, line = 'a'): Seen => ({ at, line, what: { kind: 'message', message: one } })
const ended = (at: number, line: string): Seen => ({ at, line, what: { kind: 'ended' } })
const stepsOf = (...seen: Seen[]): string[] => {
  const text = scenarioOf(talkIn(seen), { ...settings, pauses: true })
  const parsed = parseScenario(text, 's.yaml')
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  return text
    .slice(text.indexOf('steps:'))
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().replace(/, terminal: till1/, ''))
}

t.test('other things that tills in the field do', (t) => {
  const track = { 3: '006000', 4: '000000000100', 22: '022', 35: '6299170000000018=4912', 49: '985' }
  const pay = message('0200', track)
  const answer = message('0210', { 3: '006000', 4: '000000000100', 39: '00' })
  const rows: readonly (readonly [title: string, steps: string[], wanted: string[]])[] = [
    [
      'an operation that nobody knows',
      stepsOf(said(0, message('0300', { 3: '990000', 101: 'secret file' }))),
      ['- { send: message, mti: "0300", fields: { "3": "990000" }, expect: unread }'],
    ],
    [
      'another account type, no currency, keyed',
      stepsOf(
        said(0, message('0200', { 3: '001000', 4: '000000000100', 2: '6299170000000018', 22: '012' })),
        said(1, answer),
      ),
      ['- { send: payment, amount: "1.00", card: card1, entry: keyed, fields: { "3": "001000" }, remove: [ 49 ] }'],
    ],
    [
      'a repeat that is none: another DE7',
      stepsOf(said(0, pay), said(1, { mti: '0201', fields: { ...pay.fields, 7: '1122173009' } })),
      [
        '- { send: payment, amount: "1.00", card: card1, expect: unread }',
        '- { send: payment, amount: "1.00", mti: "0201", card: card1, expect: unread }',
      ],
    ],
    [
      'the same again, plain, after a pause; the answer is that of the second',
      stepsOf(said(0, pay), said(3_000, pay), said(3_100, answer)),
      [
        '- { send: payment, amount: "1.00", card: card1, expect: unread, as: payment1 }',
        '- { wait: 3s }',
        '- { repeat: payment1, plain: true }',
      ],
    ],
    [
      'two at once',
      stepsOf(
        said(0, pay),
        said(10, message('0800', { 70: '301' }, 2)),
        said(20, answer),
        said(30, message('0810', { 39: '00' }, 2)),
      ),
      ['- together:', '- { send: payment, amount: "1.00", card: card1 }', '- { send: echo }'],
    ],
    [
      'a reversal of what was not seen, with its card',
      stepsOf(
        said(0, message('0420', { ...track, 90: `0200000009112217300${'0'.repeat(23)}` })),
        said(1, message('0430', { 39: '00' })),
      ),
      ['- { send: message, mti: "0420", card: card1, fields: { "3": "006000", "4": "000000000100", "49": "985" } }'],
    ],
    [
      'a duplicate',
      stepsOf(
        said(
          0,
          message('0200', { 3: '406060', 22: '022', 35: '6299170000000018=4912', 49: '985', 103: '6299170000000026' }),
        ),
      ),
      ['- { send: duplicate, card: card1, onto: card2, expect: unread }'],
    ],
    [
      'declined with a reason',
      stepsOf(said(0, pay), said(1, message('0210', { 39: '78', 44: 'UNSOLD' }))),
      ['- { send: payment, amount: "1.00", card: card1, expect: { "39": "78", "44": UNSOLD } }'],
    ],
    [
      'all in one millisecond: the host hangs up, the till asks on another line and ends it',
      stepsOf(said(0, pay), ended(0, 'a'), said(0, message('0800', { 70: '301' }, 2), 'b'), ended(0, 'b')),
      [
        '- { send: payment, amount: "1.00", line: line1, card: card1, expect: unread }',
        '- { close: line1 }',
        '- { send: echo, line: line2, expect: unread }',
      ],
    ],
  ]
  for (const [title, steps, wanted] of rows) t.same(steps, wanted, title)
  t.match(talkIn([said(0, answer), { at: 1, line: 'a', what: { kind: 'unreadable' } }]), { asked: [], passedOver: 2 })
  t.end()
})

t.test('secrets are never in the file, wherever a till puts them', (t) => {
  const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^\\d{${least},${most}}$`))
  /** A number that passes the check of ISO/IEC 7812. */
  const number = digits(15, 15).map((body) => {
    const payload = `6${body.slice(1)}`
    const sum = Array.from(payload)
      .toReversed()
      .reduce((total, digit, i) => {
        const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
        return total + (value > 9 ? value - 9 : value)
      }, 0)
    return `${payload}${(10 - (sum % 10)) % 10}`
  })
  const secret = fc.oneof(
    number,
    number.map((one) => `${one}=49127220001234567`),
    number.map((one) => `B${one}^DOE/JOHN^49127220001234567`),
    number.map((one) => `12${one}99`),
    fc.stringMatching(/^[0-9A-F]{16,48}$/),
  )
  const places = [2, 34, 35, 36, 37, 43, 44, 45, 48, 52, 53, 55, 59, 60, 61, 62, 63, 64, 96, 102, 103, 104, 120, 128]
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...places), secret), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('0100', '0200', '0202', '0220', '0400', '0420', '0600', '0800', '0301'),
      fc.constantFrom('006000', '900060', '406060', '990000'),
      (put, mti, code) => {
        const asked = message(mti, { 3: code, 4: '000000000100', ...Object.fromEntries(put) })
        const answer = message(`${mti.slice(0, 2)}${Number(mti[2]) + 1}${mti[3]}`, {
          39: '00',
          ...Object.fromEntries(put),
        })
        const text = scenarioOf(talkIn([said(0, asked), said(1, answer)]), settings)
        for (const [, value] of put) {
          if (text.includes(value)) return false
          for (const [part] of value.matchAll(/\d{13,}|[0-9A-F]{16,}/g)) if (text.includes(part)) return false
        }
        return parseScenario(text, 's.yaml').ok
      },
    ),
    { numRuns: 300 },
  )
  t.end()
})

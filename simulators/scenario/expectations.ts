import { formatAmount } from '../terminal/amount.ts'
import { readBalances } from '../terminal/describe.ts'
import { type Fields, maskedValue } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'
import { responseMti } from '../terminal/operations.ts'
import { bytesWithoutMac, hasMac, macProblem } from '../terminal/seal.ts'
import type { Wire } from '../terminal/wire.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { Expectation, Matcher } from './scenario.ts'

type AnswerExpectation = Extract<Expectation, { kind: 'answer' }>

/** Echoed in every answer, where they were sent (docs/spec/terminal.md, section 3). */
const echoed = [3, 7, 11, 12, 13, 37, 41, 42, 49, 59, 70]
/** Card data never comes back. */
const never = [2, 35, 45, 62]
/**
 * Balances are shown only to an authenticated holder (docs/spec/terminal.md, section 3, DE54), and not without an
 * operation on a card.
 */
const withoutBalances = ['03', '14', '30', '55', '58', '63', '75', '94']
const mtisWithoutBalances = ['0212', '0430']
/** A format error echoes what could be read. */
const FORMAT_ERROR = '30'

function matches(matcher: Matcher, value: string | undefined): boolean {
  if (matcher.kind === 'absent') return value === undefined
  if (value === undefined) return false
  switch (matcher.kind) {
    case 'present':
      return true
    case 'text':
      return value.trimEnd() === matcher.value.trimEnd()
    case 'pattern':
      return matcher.pattern.test(value)
    case 'amount':
      return /^\d{12}$/.test(value) && Number(value) === matcher.minor
    case 'balances': {
      const came = readBalances(value)
      return matcher.amounts.every(({ type, minor }) => came.some((one) => one.type === type && one.minor === minor))
    }
  }
}

const wanted = {
  text: (matcher) => `'${matcher.value}'`,
  pattern: (matcher) => String(matcher.pattern),
  present: () => 'present',
  absent: () => 'absent',
  amount: (matcher) => formatAmount(matcher.minor),
  balances: (matcher) => matcher.amounts.map(({ name, minor }) => `${name} ${formatAmount(minor)}`).join(', '),
} satisfies { [K in Matcher['kind']]: (matcher: Extract<Matcher, { kind: K }>) => string }

function describeMatcher(matcher: Matcher): string {
  return (wanted[matcher.kind] as (matcher: Matcher) => string)(matcher)
}

function describeCame(de: number, fields: Fields, oneOf: Matcher[]): string {
  const value = fields[de]
  if (value === undefined) return 'nothing'
  if (oneOf[0]?.kind === 'amount' && /^\d+$/.test(value)) return formatAmount(Number(value))
  if (oneOf[0]?.kind !== 'balances') return `'${maskedValue(de, value).trimEnd()}'`
  const names: Record<string, string> = { '01': 'ledger', '02': 'available', '57': 'original' }
  return readBalances(value)
    .map(({ type, minor }) => `${names[type] ?? type} ${formatAmount(minor)}`)
    .join(', ')
}

function echoProblems(expect: AnswerExpectation, request: Fields, answer: Fields): string[] {
  const asked = new Set(expect.fields.map(({ de }) => de))
  return echoed.flatMap((de) => {
    const sent = request[de]
    const came = answer[de]
    if (sent === undefined || asked.has(de) || came === sent) return []
    if (came === undefined && answer[39] === FORMAT_ERROR) return []
    return [`field ${de}: expected the echo '${sent}', came ${came === undefined ? 'nothing' : `'${came}'`}`]
  })
}

/** DE44 only with a reason, balances only if permitted. */
function shapeProblems(mti: string, { 39: code = '', 44: reason, 54: balances }: Fields): string[] {
  const problems: string[] = []
  if (['00', '10'].includes(code) && reason !== undefined && reason.trimEnd() !== 'CASE')
    problems.push(`field 44: '${reason.trimEnd()}' came with an approval`)
  if (balances !== undefined && (withoutBalances.includes(code) || mtisWithoutBalances.includes(mti)))
    problems.push(`field 54: balances came with ${mti} ${code}`)
  return problems
}

function identicalProblem(wire: Wire, answer: Answer, before: Exchange | null): string[] {
  if (!before?.answer) return ['there is no earlier answer to compare with']
  const then = bytesWithoutMac(wire, before.answer.bytes, before.answer.message)
  const now = bytesWithoutMac(wire, answer.bytes, answer.message)
  if (then.equals(now)) return []
  const all = new Set([...Object.keys(before.answer.message.fields), ...Object.keys(answer.message.fields)].map(Number))
  const differing = [...all].filter((de) => before.answer?.message.fields[de] !== answer.message.fields[de])
  return [`not the same bytes as the answer before; fields that differ: ${differing.join(', ') || 'none'}`]
}

/** The faults in the elements that an expectation names. */
export function expectedProblems(expect: AnswerExpectation, { mti, fields }: Message): string[] {
  const wrongMti = expect.mti !== null && mti !== expect.mti ? [`MTI: expected ${expect.mti}, came ${mti}`] : []
  const wrong = expect.fields.filter(({ de, oneOf }) => !oneOf.some((matcher) => matches(matcher, fields[de])))
  return [
    ...wrongMti,
    ...wrong.map(
      ({ de, oneOf }) =>
        `field ${de}: expected ${oneOf.map(describeMatcher).join(' or ')}, came ${describeCame(de, fields, oneOf)}`,
    ),
  ]
}

/**
 * The faults of an answer: the expectation's own elements, and the rules for every answer: MTI, echoes, a response
 * code, no card data, the MAC. `before` is the exchange that a repeat repeats.
 */
export function answerProblems(
  wire: Wire,
  expect: AnswerExpectation,
  exchange: Exchange,
  answer: Answer,
  before: Exchange | null,
): string[] {
  const { fields, mti } = answer.message
  const problems: string[] = []
  const right = responseMti(exchange.request.mti)
  if (expect.mti === null && mti !== right) problems.push(`MTI: expected ${right}, came ${mti}`)
  problems.push(...expectedProblems(expect, answer.message))
  if (fields[39] === undefined) problems.push('field 39: no response code came')
  problems.push(...echoProblems(expect, exchange.request.fields, fields))
  problems.push(...shapeProblems(mti, fields))
  for (const de of never) if (fields[de] !== undefined) problems.push(`field ${de}: card data came back`)
  const mac = expect.mac ? macProblem(wire, answer.bytes, answer.message, exchange.terminal) : null
  if (mac !== null) problems.push(mac)
  if (!expect.mac && hasMac(answer.message)) problems.push('a MAC came, and none was expected')
  if (expect.identical) problems.push(...identicalProblem(wire, answer, before))
  return problems
}

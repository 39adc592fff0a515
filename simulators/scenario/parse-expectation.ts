import { parseAmount } from '../terminal/amount.ts'
import type { Branch, Fault } from './nodes.ts'
import { listOf, parseElement } from './reader.ts'
import { parseTotals } from './parse-totals.ts'
import type { Expectation, Matcher } from './scenario.ts'

const balanceTypes: Readonly<Record<string, string>> = { ledger: '01', available: '02', original: '57' }
const BALANCES = 54

/** The default expectation: an approval; for a repeat, the former answer. */
export const approval: Expectation = {
  kind: 'answer',
  mti: null,
  fields: [{ de: 39, oneOf: [{ kind: 'text', value: '00' }] }],
  identical: false,
  mac: true,
}
export const sameAgain: Expectation = { ...approval, fields: [], identical: true }

function parseMatcher(de: number, branch: Branch, faults: Fault[]): Matcher {
  if (branch.kind === 'map' && de === BALANCES) return parseBalances(branch, faults)
  if (branch.kind !== 'text') {
    faults.push({ line: branch.line, reason: `expect: field ${de} has to be a value` })
    return { kind: 'present' }
  }
  const { text, line } = branch
  if (text === 'present' || text === 'absent') return { kind: text }
  const pattern = /^\/(.*)\/$/.exec(text)?.[1]
  if (pattern !== undefined) {
    try {
      return { kind: 'pattern', pattern: new RegExp(pattern) }
    } catch {
      faults.push({ line, reason: `expect: field ${de}: ${text} is not a regular expression` })
    }
  }
  const minor = de === 4 ? parseAmount(text) : null
  return minor !== null && text.length < 12 ? { kind: 'amount', minor } : { kind: 'text', value: text }
}

function parseBalances(branch: Branch & { kind: 'map' }, faults: Fault[]): Matcher {
  const amounts = branch.entries.map(({ key, line, value }) => {
    const type = balanceTypes[key]
    const minor = value.kind === 'text' ? parseAmount(value.text) : null
    if (type === undefined)
      faults.push({
        line,
        reason: `expect: field 54: unknown balance '${key}', expected ledger, available or original`,
      })
    else if (minor === null) faults.push({ line, reason: `expect: field 54: ${key} is not an amount such as 100.00` })
    return { type: type ?? '', name: key, minor: minor ?? 0 }
  })
  return { kind: 'balances', amounts }
}

const wholes = {
  none: { kind: 'none' },
  closed: { kind: 'closed' },
  unread: { kind: 'unread' },
  unsent: { kind: 'unsent' },
} as const

/** The `expect` of a step: a word for no answer, or a map of `mti`, `mac`, `identical` and data elements. */
export function parseExpectation(branch: Branch | undefined, otherwise: Expectation, faults: Fault[]): Expectation {
  if (branch === undefined) return otherwise
  if (branch.kind === 'text') {
    const whole = (wholes as Record<string, Expectation>)[branch.text]
    if (whole) return whole
    faults.push({
      line: branch.line,
      reason: `expect '${branch.text}', expected none, closed, unread, unsent or a map`,
    })
    return otherwise
  }
  if (branch.kind === 'list') {
    faults.push({
      line: branch.line,
      reason: 'expect has to be a map of data elements, or none, closed, unread or unsent',
    })
    return otherwise
  }
  const found: Expectation = { kind: 'answer', mti: null, fields: [], identical: false, mac: true }
  for (const { key, line, value } of branch.entries) {
    const text = value.kind === 'text' ? value.text : ''
    const de = parseElement(key)
    if (de !== null) found.fields.push({ de, oneOf: listOf(value).map((one) => parseMatcher(de, one, faults)) })
    else if (key === 'totals')
      for (const total of parseTotals(value, faults))
        found.fields.push({ de: total.de, oneOf: [{ kind: 'text', value: total.text }] })
    else if (key === 'mti' && /^\d{4}$/.test(text)) found.mti = text
    else if (key === 'identical' && /^(true|false)$/.test(text)) found.identical = text === 'true'
    else if (key === 'mac' && /^(present|absent)$/.test(text)) found.mac = text === 'present'
    else if (['mti', 'identical', 'mac'].includes(key))
      faults.push({ line, reason: `expect: ${key} '${text}' is not valid` })
    else
      faults.push({
        line,
        reason: `expect: '${key}' is neither a data element (2 to 128) nor mti, mac, identical or totals`,
      })
  }
  return found
}

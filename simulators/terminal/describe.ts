import pc from 'picocolors'
import { formatAmount } from './amount.ts'
import {
  blockMeanings,
  entryMeanings,
  mtiMeaning,
  networkMeanings,
  pinMeanings,
  processingMeanings,
  reasonMeanings,
  responseMeanings,
} from './meanings.ts'
import { type Fields, maskedValue } from './fields.ts'
import type { Message } from './message.ts'

/** How a data element is named and put into words. */
type Row = {
  name: string
  words?: (value: string, fields: Fields) => string | undefined
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const day = (mmdd: string) => `${Number(mmdd.slice(2, 4))} ${months[Number(mmdd.slice(0, 2)) - 1] ?? '?'}`
const clock = (hhmmss: string) => hhmmss.replace(/(..)(..)(..)/, '$1:$2:$3')
const stampWords = (value: string) => `${day(value)} ${clock(value.slice(4))} UTC`
const money = (value: string, fields: Fields) => formatAmount(Number(value), fields[49])

const balanceNames: Readonly<Record<string, string>> = { '01': 'ledger', '02': 'available', '57': 'asked for' }

/** DE54: groups of 20: account type, amount type, currency, C or D, n12. Minor units, negative for D. */
export function readBalances(value: string): { type: string; currency: string; minor: number }[] {
  return (value.match(/.{20}/g) ?? []).map((group) => ({
    type: group.slice(2, 4),
    currency: group.slice(4, 7),
    minor: Number(group.slice(8)) * (group[7] === 'D' ? -1 : 1),
  }))
}

function balanceWords(value: string): string {
  const parts = readBalances(value)
  return parts
    .map(({ type, currency, minor }) => {
      const sign = minor < 0 ? '-' : ''
      return `${balanceNames[type] ?? type} ${sign}${formatAmount(Math.abs(minor), currency)}`
    })
    .join(', ')
}

function flagWords(value: string): string | undefined {
  const words = [value[0] === 'P' ? 'takes partial approvals' : '', value[1] === 'N' ? 'a new card' : '']
  return words.filter(Boolean).join(', ') || undefined
}

const originalWords = (value: string) =>
  `${value.slice(0, 4)} ${mtiMeaning(value.slice(0, 4))}, trace ${value.slice(4, 10)} of ${stampWords(value.slice(10, 20))}`

function entryWords(value: string): string | undefined {
  const how = entryMeanings[value.slice(0, 2)]
  const pin = pinMeanings[value.slice(2)]
  return how === undefined || pin === undefined ? how : `${how}, ${pin}`
}

const rows: Readonly<Record<number, Row>> = {
  2: { name: 'card number' },
  3: { name: 'processing code', words: (value) => processingMeanings[value.slice(0, 2)] },
  4: { name: 'amount', words: money },
  7: { name: 'sent', words: stampWords },
  11: { name: 'trace number' },
  12: { name: 'local time', words: clock },
  13: { name: 'local date', words: day },
  22: { name: 'entry mode', words: entryWords },
  25: { name: 'condition', words: (value, { 3: code }) => (code?.startsWith('73') ? blockMeanings[value] : undefined) },
  35: { name: 'track 2' },
  37: { name: 'reference' },
  38: { name: 'approval code' },
  39: { name: 'response code', words: (value) => responseMeanings[value] },
  41: { name: 'terminal' },
  42: { name: 'store' },
  44: { name: 'reason', words: (value) => reasonMeanings[value.trimEnd()] },
  45: { name: 'track 1' },
  48: { name: 'flags', words: flagWords },
  49: { name: 'currency', words: (value) => formatAmount(0, value).slice(5) },
  54: { name: 'balances', words: balanceWords },
  59: { name: 'echoed data' },
  62: { name: 'eCode' },
  63: { name: 'text' },
  64: { name: 'MAC' },
  70: { name: 'network', words: (value) => networkMeanings[value] },
  74: { name: 'credits' },
  75: { name: 'reversed credits' },
  76: { name: 'debits' },
  77: { name: 'reversed debits' },
  86: { name: 'credits', words: money },
  87: { name: 'reversed credits', words: money },
  88: { name: 'debits', words: money },
  89: { name: 'reversed debits', words: money },
  90: { name: 'original', words: originalWords },
  97: { name: 'net amount' },
  103: { name: 'new card' },
  128: { name: 'MAC' },
}

/** The meaning of a value; undefined if there is none. `fields` are those of its message. */
export const fieldWords = (de: number, value: string, fields: Fields): string | undefined =>
  rows[de]?.words?.(value, fields)

/** Values longer than this get a line of their own before the words. */
const VALUE_WIDTH = 26

/** One line per field: number, name, value as sent (masked), and meaning. */
export function describeFields(message: Message): string[] {
  const entries = Object.entries(message.fields).map(([de, value]) => ({ de: Number(de), value }))
  return entries.flatMap(({ de, value }) => {
    const row = rows[de] ?? { name: 'field' }
    const shown = maskedValue(de, value)
    const words = fieldWords(de, value, message.fields)
    const head = `  ${pc.dim(String(de).padStart(3))}  ${row.name.padEnd(16)}`
    if (words === undefined) return [`${head}${shown.trimEnd()}`]
    if (shown.length < VALUE_WIDTH) return [`${head}${shown.padEnd(VALUE_WIDTH)}${pc.cyan(words)}`]
    return [`${head}${shown}`, `${' '.repeat(23 + VALUE_WIDTH)}${pc.cyan(words)}`]
  })
}

/** `0200 financial request`, with an arrow for its direction. */
export function describeHead(message: Message, arrow: '→' | '←'): string {
  return `${pc.bold(`${arrow} ${message.mti}`)} ${mtiMeaning(message.mti)}`
}

/** `00 approved` in green, `51 insufficient funds` in red, with the reason of DE44 where there is one. */
export function describeResult(fields: Fields): string {
  const code = fields[39]
  if (code === undefined) return pc.yellow('without a response code')
  const reason = fields[44]?.trimEnd()
  const words = `${code} ${responseMeanings[code] ?? 'unknown code'}${reason === undefined ? '' : ` (${reason})`}`
  return isApproval(code) ? pc.green(words) : pc.red(words)
}

export function isApproval(code: string | undefined): boolean {
  return code === '00' || code === '10'
}

import { type IssueRecord, settingOptions } from '../office/issues.ts'
import { amountText } from './amount-text.ts'

/** `saleMinimum   10.00`: each setting as it would be written in a file. */
export const settingLines = (settings: IssueRecord['settings']): string[] =>
  settingOptions.map(({ name, expected }) => {
    const value = (settings as Readonly<Record<string, unknown>>)[name]
    return `${name.padEnd(26)}${valueText(value, expected)}`
  })

/** The value as it would be written in a settings file; amounts are in minor units. */
export function valueText(value: unknown, expected: string): string {
  if (value === null) return expected.endsWith('or all') ? 'all' : 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number' && expected.startsWith('an amount')) return amountText(value)
  return Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value)
}

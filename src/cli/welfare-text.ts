import { amountText } from './amount-text.ts'
import type { Batch, FoundCode } from '../office/welfare/batches.ts'
import { type Finding, FINDINGS, findingText, isStop, remedyText } from '../office/welfare/findings.ts'
import type { ReadAs } from '../office/welfare/list-file.ts'
import type { Recall } from '../office/welfare/recall.ts'

const NAMES: Readonly<Record<string, string>> = {
  '\t': 'tab',
  ',': 'comma',
  ';': 'semicolon',
  '.': 'point',
  '|': 'bar',
}

/** How a list was read. */
export function readAsText(readAs: string): string {
  const { format, separator, encoding, decimal, sheet } = JSON.parse(readAs) as ReadAs
  const sign = decimal === null ? 'none seen' : (NAMES[decimal] ?? decimal)
  return format === 'xlsx'
    ? `XLSX, sheet ${sheet ?? ''}, decimal sign in text: ${sign}`
    : `CSV, separator ${NAMES[separator ?? ''] ?? '–'}, ${encoding ?? ''}, decimal sign: ${sign}`
}

export const batchText = ({ id, employer, state, rows, amount, currency, fileName }: Batch): string =>
  `batch ${id}  ${employer}  ${state}  ${rows} rows  ${amountText(amount, currency)}  ${fileName}`

export const recallText = ({ id, employer, state, cards, unspent, taken, currency }: Recall): string =>
  `recall ${id}  ${employer}  ${state}  ${cards} cards  ${amountText(unspent, currency)} unspent  ${amountText(taken, currency)} taken`

export const foundText = ({ code, weight, rows }: FoundCode): string =>
  `${weight.padEnd(7)}  ${code.padEnd(28)}  ${rows} ${rows === 1 ? 'row' : 'rows'}: ${FINDINGS[code].remedy.en}`

/** For programs: the same in members, with the texts. */
export const findingJson = (finding: Finding) => ({
  row: finding.line,
  column: finding.field,
  ...finding,
  weight: FINDINGS[finding.code].weight,
  text: findingText(finding, 'en'),
  remedy: remedyText(finding, 'en'),
})

export const findingLine = (finding: Finding): string => {
  const { line, field, code, value } = finding
  const where = line === 0 ? 'list' : `row ${line}`
  const weight = isStop(finding) ? 'stop' : 'warning'
  return `${where}  ${field}  ${value === '' ? '–' : value}  ${weight}  ${code}: ${findingText(finding, 'en')} ${remedyText(finding, 'en')}`
}

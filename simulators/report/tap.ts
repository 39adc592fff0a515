import type { Report, Result } from './report.ts'
import { withoutColours } from './report.ts'

/** TAP lines must not contain `#`, a backslash or a new line. */
const inLine = (text: string): string => withoutColours(text).replace(/[\\#]/g, '\\$&').replace(/\s+/g, ' ')

function linesOf({ suite, name, result, why, problems, seconds }: Result, number: number): string[] {
  const ok = result === 'failed' ? 'not ok' : 'ok'
  const directive = result === 'skipped' ? ` # SKIP ${inLine(why)}` : ` # time=${(seconds * 1_000).toFixed(0)}ms`
  const head = `${ok} ${number} - ${inLine(suite)}: ${inLine(name)}${directive}`
  if (problems.length === 0) return [head]
  return [
    head,
    '  ---',
    '  problems:',
    ...problems.map((one) => `    - ${JSON.stringify(withoutColours(one))}`),
    '  ...',
  ]
}

/** The report as TAP version 14. */
export const tapOf = ({ results }: Report): string[] => [
  'TAP version 14',
  `1..${results.length}`,
  ...results.flatMap((one, i) => linesOf(one, i + 1)),
]

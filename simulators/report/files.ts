import { writeFileSync } from 'node:fs'
import type { Argv } from 'yargs'
import { SetUpError } from '../set-up-error.ts'
import { htmlOf } from './html.ts'
import { junitOf } from './junit.ts'
import type { Report } from './report.ts'
import { fileErrorText } from '../../src/text/file-error.ts'

/** Where a report goes besides the shell. */
export type ReportFiles = { junit?: string | undefined; report?: string | undefined }

export const withReports = <T>(args: Argv<T>) =>
  args
    .option('junit', { type: 'string', describe: 'FILE.xml for CI systems' })
    .option('report', { type: 'string', describe: 'FILE.html with all that was seen' })

/** Writes a file. Throws a SetUpError that names the option. */
export function writeText(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (problem) {
    throw new SetUpError(`--${option} ${file}: ${fileErrorText(problem)}`)
  }
}

export function writeReports({ junit, report: html }: ReportFiles, report: Report): void {
  if (junit !== undefined) writeText('junit', junit, junitOf(report))
  if (html !== undefined) writeText('report', html, htmlOf(report))
}

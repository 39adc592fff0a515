import type { CommandModule } from 'yargs'
import { isDay } from '../office/day-words.ts'
import { CSV_PRESETS, type CsvPreset } from '../office/reports/csv.ts'
import { fileOf, FORMATS, type Format } from '../office/reports/files.ts'
import { tooLong } from '../office/reports/files-apart.ts'
import { REPORT_NAMES, REPORTS, runReport } from '../office/reports/reports.ts'
import { verifyAndMend, verifySums } from '../office/reports/verification.ts'
import { isRefused } from '../office/refusal.ts'
import { codesOf } from './codes.ts'
import { writeNewFile } from './new-file.ts'
import { UsageError } from './usage-error.ts'
import { type Home, withHome } from './who.ts'
import { madeBy, READER, withOffice } from './with-office.ts'

type Arguments = Home & {
  name: string
  from: string | undefined
  to: string | undefined
  'as-of': string | undefined
  store: string[] | undefined
  issue: string[] | undefined
  format: Format | undefined
  preset: CsvPreset
  output: string | undefined
  'by-original-day': boolean
  gross: boolean
  age: 'sale' | 'activity' | 'validity'
  mend: boolean
}

/** `akart report`: figures for accountants, from the transactions. */
export const reportCommand: CommandModule<object, Arguments> = {
  command: 'report <name>',
  describe: 'Reports: one by name, list, or verify (prove the sums that reports use)',
  builder: (yargs) =>
    withHome(yargs)
      .positional('name', { type: 'string', demandOption: true, choices: [...REPORT_NAMES, 'list', 'verify'] })
      .option('from', { type: 'string', describe: 'first booking day, YYYY-MM-DD; default: the first of the month' })
      .option('to', { type: 'string', describe: 'last booking day; default: today' })
      .option('as-of', { type: 'string', describe: 'balance date, end of day; default: today' })
      .option('store', { type: 'string', array: true, describe: 'only these stores; default: all' })
      .option('issue', { type: 'string', array: true, describe: 'only these issues; default: all' })
      .option('format', { choices: FORMATS, describe: 'format of the file; default: text on the screen' })
      .option('preset', {
        choices: CSV_PRESETS,
        default: 'en' as const,
        describe: 'format of numbers and encoding of CSV',
      })
      .option('output', { type: 'string', describe: 'new file to write' })
      .option('by-original-day', {
        type: 'boolean',
        default: false,
        describe: 'activity: count an undo on the day of its original',
      })
      .option('gross', {
        type: 'boolean',
        default: false,
        describe: 'roll-forward: each step as booked, and beside it what was taken back',
      })
      .option('age', {
        choices: ['sale', 'activity', 'validity'] as const,
        default: 'sale' as const,
        describe: 'liability: aged by',
      })
      .option('mend', { type: 'boolean', default: false, describe: 'verify: recompute the sums of wrong days' })
      .check((given) => {
        for (const day of [given.from, given.to, given['as-of']]) checkDay(day)
        return true
      }),
  async handler(given) {
    if (given.name === 'list') return list()
    if (BINARY.has(given.format) && given.output === undefined && process.stdout.isTTY) {
      throw new UsageError(`--format ${given.format} is not text: name a file with --output`)
    }
    if (given.name === 'verify') return verify(given.home, given.mend)
    const input = {
      from: given.from ?? null,
      to: given.to ?? null,
      asOf: given['as-of'] ?? null,
      stores: codesOf(given.store),
      issues: codesOf(given.issue),
      byOriginalDay: given['by-original-day'],
      gross: given.gross,
      ageBy: given.age,
    }
    const file = await withOffice(given.home, READER, async (office, actor) => {
      const report = await runReport(office, actor, given.name, input)
      if (isRefused(report)) return report
      const options = {
        format: given.format ?? 'text',
        preset: given.preset,
        language: 'en',
        by: madeBy(actor),
      } as const
      return tooLong(report, options) ?? fileOf(report, options)
    })
    if (given.output === undefined) process.stdout.write(file.content)
    else {
      await writeNewFile(given.output, file.content)
      console.log(`${given.output}: ${file.content.length} bytes`)
    }
  },
}

/** Formats that would put bytes on the screen. */
const BINARY: ReadonlySet<string | undefined> = new Set(['xlsx', 'pdf'])

function checkDay(day: string | undefined): void {
  if (day !== undefined && !isDay(day)) throw new UsageError(`${day} is not a day: YYYY-MM-DD`)
}

function list(): void {
  for (const name of REPORT_NAMES) {
    const { title, about, definition } = REPORTS[name]
    console.log(`${name.padEnd(14)} ${title.en}, definition ${definition}: ${about.en}`)
  }
}

async function verify(home: string, mend: boolean): Promise<void> {
  const report = await withOffice(home, READER, async (office, actor) => {
    return mend ? verifyAndMend(office, actor) : verifySums(office, actor)
  })
  console.log(`${report.days} days, ${report.transfers} transfers`)
  const { days, monthEnds, cardDays } = report.kept
  console.log(`${days} days and ${monthEnds} ends of months kept, and the cards that moved on ${cardDays} days`)
  for (const day of report.mended) console.log(`${day}: recomputed`)
  for (const fault of report.faults) console.error(fault)
  console.log(
    report.faults.length === 0
      ? 'the sums agree'
      : `differences: ${report.faults.length}; --mend recomputes wrong days`,
  )
  process.exitCode = report.faults.length === 0 ? 0 : 1
}

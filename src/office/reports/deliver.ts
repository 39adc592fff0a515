import { createHash } from 'node:crypto'
import { link, open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run, Schedule } from '../../db/sql/report-schedules.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import type { SendMail } from '../mail.ts'
import type { Office } from '../office.ts'
import { isRefused, refusalPhrase, type Refused, type Words } from '../refusal.ts'
import { rightsOf } from '../rights.ts'
import { CSV_PRESETS } from './csv.ts'
import { FORMATS, linesAbout, type ReportFile, titleOf } from './files.ts'
import { fileApart } from './files-apart.ts'
import type { Report } from './report.ts'
import { isReportName, REPORTS, runReport } from './reports.ts'
import { placeRefused, type ReportPlaces, zoneOf } from './schedules.ts'

/** A delivery failed for a reason that a person must correct; the texts say what. */
class NotDelivered extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(words.en)
    this.words = words
  }
}

const refusedWith = (refusal: Refused): NotDelivered =>
  new NotDelivered({ en: refusalPhrase(refusal, 'en'), pl: refusalPhrase(refusal, 'pl') })

/** Why a run was not delivered, as a text. An error that is not ours is shown unchanged. */
export function troubleOf(error: unknown): Words {
  if (error instanceof NotDelivered) return error.words
  const text = error instanceof Error ? error.message : String(error)
  return { en: text, pl: text }
}

export type Parts = {
  readonly places: ReportPlaces
  /** Null: no mail server is configured. */
  readonly sendMail: SendMail | null
}

export type Scheduled = { readonly schedule: Schedule; readonly run: Run }

/** Larger ones are refused by most mail servers. */
const MOST_MAILED = 20_000_000

const languageOf = ({ language }: Schedule): keyof Words => (language === 'pl' ? 'pl' : 'en')

/** Only persons who see all stores may make schedules. */
const actorOf = ({ madeBy }: Schedule): Actor => ({
  login: madeBy,
  name: madeBy,
  rights: rightsOf(['accountant']),
  stores: 'all',
  channel: 'job',
})

/** The file of a run, with the figures of the moment in which it is made. */
export async function makeScheduled(
  office: Office,
  { schedule, run }: Scheduled,
): Promise<{ readonly report: Report; readonly file: ReportFile; readonly name: string }> {
  const format = FORMATS.find((one) => one === schedule.format) ?? 'csv'
  const preset = CSV_PRESETS.find((one) => one === schedule.preset) ?? 'en'
  const { from, to } = run
  const report = await runReport(office, actorOf(schedule), schedule.report, {
    ...(isReportName(schedule.report) && REPORTS[schedule.report].time === 'now' ? {} : { from, to, asOf: to }),
    stores: schedule.stores,
    issues: schedule.issues,
  })
  if (isRefused(report)) throw refusedWith(report)
  const file = await fileApart(report, { format, preset, language: languageOf(schedule), by: schedule.madeBy })
  if (isRefused(file)) throw refusedWith(file)
  const isOfNow = report.filter.to === null && report.filter.asOf === null
  // A report of now is of no days: its file is named by the day on which it was due.
  const dueOn = dateIn(zoneOf(office, schedule), run.dueAt)
  const days = isOfNow ? dueOn : `${run.from}_${run.to}`
  // The name has no typed text.
  return { report, file, name: `${schedule.report}_${days}_${schedule.id}.${file.extension}` }
}

export const digestOf = ({ content }: ReportFile): string => createHash('sha256').update(content).digest('hex')

/** @throws NotDelivered if the configuration no longer permits the destination */
export function mustBeOpen({ places, sendMail }: Parts, schedule: Schedule): void {
  const closed = placeRefused(places, schedule)
  if (closed !== null) throw refusedWith(closed)
  if (schedule.place === 'mail' && sendMail === null)
    throw new NotDelivered({ en: 'no mail server is configured', pl: 'nie skonfigurowano serwera poczty' })
}

const directoryOf = ({ directories }: ReportPlaces, { target }: Schedule): string =>
  directories.find(({ name }) => name === target)?.path ?? ''

/**
 * Writes a file into a directory: whole or not at all, never over an existing one. A file that an earlier try of this
 * run wrote, recognised by its digest, counts as delivered.
 */
export async function putFile(
  places: ReportPlaces,
  { schedule, run }: Scheduled,
  { file, name, attempt }: { readonly file: ReportFile; readonly name: string; readonly attempt: string },
): Promise<void> {
  const directory = directoryOf(places, schedule)
  const waiting = `.${name}.${attempt}.part`
  try {
    for (const left of await readdir(directory)) {
      if (left.startsWith(`.${name}.`) && left.endsWith('.part')) await unlink(join(directory, left)).catch(() => {})
    }
    const handle = await open(join(directory, waiting), 'wx', 0o640)
    try {
      await handle.writeFile(file.content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    try {
      // rename would overwrite an existing file; link fails instead.
      await link(join(directory, waiting), join(directory, name))
    } finally {
      await unlink(join(directory, waiting)).catch(() => {})
    }
    const above = await open(directory, 'r')
    try {
      await above.sync()
    } finally {
      await above.close()
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    if (code === 'EEXIST' && (await isOurs(join(directory, name), run))) return
    const { target } = schedule
    throw new NotDelivered(
      code === 'EEXIST'
        ? {
            en: `${name} is in directory ${target} already, and nothing is overwritten`,
            pl: `${name} jest już w katalogu ${target}, a niczego się nie nadpisuje`,
          }
        : {
            en: `${name} could not be written into directory ${target} (${code})`,
            pl: `pliku ${name} nie można zapisać w katalogu ${target} (${code})`,
          },
    )
  }
}

/** Whether an earlier try wrote the file and ended before it could record that. */
const isOurs = async (path: string, { sha256 }: Run): Promise<boolean> =>
  sha256 !== null &&
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex') === sha256

/** Is an earlier try's file in its directory? Then this run is done. */
export async function isThere(places: ReportPlaces, { schedule, run }: Scheduled): Promise<boolean> {
  if (schedule.place !== 'directory' || run.file === null) return false
  return isOurs(join(directoryOf(places, schedule), run.file), run).catch(() => false)
}

const MAIL = {
  subject: { en: 'Akart: {title}, {from} to {to}', pl: 'Akart: {title}, od {from} do {to}' },
  // Of a report that is of no days, but of now.
  now: { en: 'Akart: {title}, {at} UTC', pl: 'Akart: {title}, {at} UTC' },
  schedule: { en: 'Schedule', pl: 'Harmonogram' },
} as const satisfies Record<string, Words>

/** Includes the time at which the schedule was made, because another installation may have a run of the same number. */
function messageIdOf({ id, madeAt, madeBy }: Schedule, run: Run): string {
  const of = createHash('sha256').update([id, madeAt, madeBy, run.id, run.dueAt].join(' ')).digest('hex')
  return `<report-run-${run.id}.${of.slice(0, 24)}@akart>`
}

/** Mails a report. A mail that is repeated because its outcome is unknown has the same Message-ID. */
export async function mailFile(
  send: SendMail,
  { schedule, run }: Scheduled,
  { report, file, name }: { readonly report: Report; readonly file: ReportFile; readonly name: string },
): Promise<void> {
  if (file.content.length > MOST_MAILED)
    throw new NotDelivered({
      en: `${name} has ${file.content.length} bytes: too many for a mail`,
      pl: `${name} ma ${file.content.length} bajtów: za dużo na jedną wiadomość`,
    })
  const language = languageOf(schedule)
  const at = report.exactAsOf.at.slice(0, 16).replace('T', ' ')
  const values = { title: titleOf(report, language), from: run.from, to: run.to, at }
  const isOfNow = report.filter.to === null && report.filter.asOf === null
  const subject = Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), MAIL[isOfNow ? 'now' : 'subject'][language] as string) // prettier-ignore
  await send({
    to: schedule.target,
    subject,
    text: `${[`${MAIL.schedule[language]}: ${schedule.name}`, ...linesAbout(report, language)].join('\n')}\n`,
    messageId: messageIdOf(schedule, run),
    attachments: [{ name, type: file.type, content: file.content }],
  })
}

import { Worker } from 'node:worker_threads'
import { refused, type Refused } from '../refusal.ts'
import { fileOf, type FileOptions, type ReportFile } from './files.ts'
import type { PdfReport } from './pdf.ts'
import type { Report } from './report.ts'

/*
 * A PDF takes a millisecond of processor time for each row, and 0.7 s before the first one; other files take a thirtieth of that.
 * Payments would wait for it, so it is made in a thread of its own.
 */

/** The start data of the thread. */
export type FileTask =
  | { readonly kind: 'file'; readonly report: Report; readonly options: FileOptions }
  | { readonly kind: 'pages'; readonly pages: readonly PdfReport[] }

/** Files with more rows are made in a thread, in any format; starting a thread takes a third of a second. */
const LONG_ROWS = 2_000

/** The most rows of a PDF: this number takes twenty seconds of processor time and a gigabyte, and a page has forty rows. */
const MOST_ON_PAPER = 20_000

export function tooLong({ rows }: Pick<Report, 'rows'>, { format }: Pick<FileOptions, 'format'>): Refused | null {
  const isTooLong = format === 'pdf' && rows.length > MOST_ON_PAPER
  return isTooLong ? refused('too_long_for_paper', { rows: rows.length, most: MOST_ON_PAPER }) : null
}

/** A report as a file; payments do not wait for it. */
export async function fileApart(report: Report, options: FileOptions): Promise<ReportFile | Refused> {
  const objection = tooLong(report, options)
  if (objection !== null) return objection
  const isShort = options.format !== 'pdf' && report.rows.length < LONG_ROWS
  return isShort ? fileOf(report, options) : inTurn({ kind: 'file', report, options })
}

/** Several documents as one PDF; payments do not wait for it. */
export async function pagesApart(pages: readonly PdfReport[]): Promise<Buffer | Refused> {
  const made = await inTurn({ kind: 'pages', pages })
  return 'refused' in made ? made : made.content
}

/** Threads at a time, and files that wait for one; more are refused. */
const [AT_ONCE, MOST_WAITING] = [2, 20]
let running = 0
const waiting: (() => void)[] = []

async function inTurn(task: FileTask): Promise<ReportFile | Refused> {
  if (waiting.length >= MOST_WAITING) return refused('files_busy', { waiting: waiting.length })
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await inThread(task)
  } finally {
    // The next waiting file takes this place.
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
}

function inThread(task: FileTask): Promise<ReportFile> {
  const thread = new Worker(new URL('./file-thread.js', import.meta.url), {
    workerData: task,
    execArgv: [], // what this process was started with (a test runner's loaders) is not for it
  })
  return new Promise((resolve, reject) => {
    thread.on('message', ({ content, ...file }: Omit<ReportFile, 'content'> & { readonly content: Uint8Array }) =>
      resolve({ ...file, content: Buffer.from(content.buffer, content.byteOffset, content.byteLength) }),
    )
    thread.on('error', reject)
    // After the file this has no effect.
    thread.on('exit', () => reject(new Error('the thread that made a file has ended')))
  })
}

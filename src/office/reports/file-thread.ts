import { parentPort, workerData } from 'node:worker_threads'
import { lowerThreadPriority } from '../../engine/thread-priority.ts'
import { fileOf, type ReportFile } from './files.ts'
import type { FileTask } from './files-apart.ts'
import { pdfOf } from './pdf.ts'

/** The thread behind `files-apart.ts`: one file, then it ends. */

async function made(task: FileTask): Promise<ReportFile> {
  if (task.kind === 'file') return fileOf(task.report, task.options)
  const [first, ...others] = task.pages
  if (first === undefined) throw new Error('there are no pages')
  return { content: await pdfOf(first, ...others), type: 'application/pdf', extension: 'pdf' }
}

lowerThreadPriority()
parentPort?.postMessage(await made(workerData as FileTask))

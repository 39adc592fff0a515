import { open, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Argv } from 'yargs'
import { refused } from '../office/refusal.ts'
import { MOST_BYTES, SEPARATORS, type Upload } from '../office/welfare/list-file.ts'
import { LIST_FORMATS, type ListFormat, type WrittenFile } from '../office/welfare/list-writer.ts'
import { ENCODINGS, type Encoding } from '../office/welfare/text-encoding.ts'
import { CommandError, UsageError } from './usage-error.ts'
import { done } from './with-office.ts'
import { fileErrorText } from '../text/file-error.ts'

/**
 * A list that a command hands to a use case. One that is too large is not read: its size is looked at first.
 *
 * @throws CommandError where it cannot be read
 */
export async function uploadOf(path: string): Promise<Upload> {
  const name = basename(path)
  const failed = (error: unknown): never => {
    throw new CommandError(`${path}: can't be read: ${fileErrorText(error)}`)
  }
  const file = await open(path).catch(failed)
  try {
    const there = await file.stat().catch(failed)
    if (there.isDirectory()) throw new CommandError(`${path}: can't be read: it is a directory`)
    // A pipe or a device has no size that says anything.
    if (!there.isFile()) throw new CommandError(`${path}: not a file`)
    if (there.size > MOST_BYTES) return done(refused('list_too_large', { file: name, most: MOST_BYTES / 1024 / 1024 }))
    return { name, content: await file.readFile().catch(failed) }
  } finally {
    await file.close()
  }
}

/** Writes a file that is not there yet, readable by its owner alone. @throws CommandError */
export async function writeNew(path: string, { content }: WrittenFile): Promise<void> {
  await writeFile(path, content, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    throw new CommandError(`${path}: can't be written: ${fileErrorText(error)}`)
  })
}

export type Output = { format: ListFormat; output: string | undefined }

export const withOutput = <T>(yargs: Argv<T>): Argv<T & Output> =>
  yargs
    .option('format', { choices: LIST_FORMATS, default: 'csv' as const, describe: 'kind of file' })
    .option('output', { type: 'string', describe: 'file to write; default: its own name in the current directory' })

export type Reading = { separator: string | undefined; encoding: Encoding | undefined; decimal: ',' | '.' | undefined }

/** How a CSV file is written, in place of guessing. */
export const withReading = <T>(yargs: Argv<T>): Argv<T & Reading> =>
  yargs
    .option('separator', { type: 'string', describe: 'separator of cells: ; , | or tab; default: detected' })
    .option('encoding', { choices: ENCODINGS, describe: 'encoding of the text; default: detected' })
    .option('decimal', { choices: [',', '.'] as const, describe: 'decimal separator; default: detected' })

export function readingOf({ separator, encoding, decimal }: Reading) {
  const sign = separator === 'tab' ? '\t' : separator
  const known = SEPARATORS.find((one) => one === sign)
  if (sign !== undefined && known === undefined) throw new UsageError('--separator takes ; , | or tab')
  return {
    ...(known === undefined ? {} : { separator: known }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(decimal === undefined ? {} : { decimal }),
  }
}

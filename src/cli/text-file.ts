import { readFile } from 'node:fs/promises'
import { textFile, type TextFile } from '../office/csv-lines.ts'
import { UsageError } from './usage-error.ts'
import { done } from './with-office.ts'
import { fileErrorText } from '../text/file-error.ts'

/** Files that a command hands to a use case. @throws CommandError where one cannot be read */
export const textFilesOf = (paths: readonly string[]): Promise<TextFile[]> => Promise.all(paths.map(textFileOf))

export async function textFileOf(path: string): Promise<TextFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`${path}: can't be read: ${fileErrorText(error)}`)
  })
  return done(textFile(path, bytes))
}

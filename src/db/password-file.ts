import { readFileSync } from 'node:fs'
import { setUpError } from '../config/set-up-error.ts'
import { fileErrorText } from '../text/file-error.ts'

/**
 * The password of the database user: from the URL, or the first line of `file`, so that it is not in a process list,
 * unit file or shell history.
 *
 * @throws a set-up error that names the file, never its content
 */
export function passwordOf(password: string, file: string | null): string {
  if (file === null) return password
  if (password !== '') throw setUpError('database URL: a password and a passwordFile; leave one of them out')
  const line = firstLineOf(file)
  if (line === '') throw setUpError(`database URL: passwordFile ${file} has an empty first line`)
  return line
}

function firstLineOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/u, 1)[0] ?? ''
  } catch (error) {
    throw setUpError(`database URL: passwordFile ${file} can't be read: ${fileErrorText(error)}`)
  }
}

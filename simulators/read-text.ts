import { readFileSync } from 'node:fs'
import { fileErrorText } from '../src/text/file-error.ts'
import { SetUpError } from './set-up-error.ts'

type Wording = {
  /** How messages name the file: by its option, `--till till.yaml`. The path alone if left out. */
  readonly name?: string
  /** What helps, after the reason. */
  readonly hint?: string
}

/** The text of a file that the user has named. Throws a SetUpError that says why it cannot be read. */
export function readText(path: string, { name = path, hint = '' }: Wording = {}): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (problem) {
    throw new SetUpError(`${name}: ${fileErrorText(problem)}${hint}`)
  }
}

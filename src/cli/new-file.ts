import { writeFile } from 'node:fs/promises'
import { fileErrorText } from '../text/file-error.ts'
import { CommandError } from './usage-error.ts'

/** Writes a file that must not exist yet. @throws CommandError */
export const writeNewFile = (path: string, content: Buffer | string): Promise<void> =>
  writeFile(path, content, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw new CommandError(`${path}: can't be written: ${fileErrorText(error)}`)
  })

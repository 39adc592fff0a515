import { writeFile } from 'node:fs/promises'
import { CommandError } from './usage-error.ts'

/** Writes a file that must not exist yet. @throws CommandError */
export const writeNewFile = (path: string, content: Buffer | string): Promise<void> =>
  writeFile(path, content, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new CommandError(code === 'EEXIST' ? `${path} is there already` : `${path}: cannot be written (${code})`)
  })

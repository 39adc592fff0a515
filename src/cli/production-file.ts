import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The default directory of files with card numbers, tracks and keys: outside of any source tree, where they could be
 * committed, and readable by its owner alone.
 */
export async function productionDirectory(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const data = environment['XDG_DATA_HOME']
  const directory = join(data === undefined || data === '' ? join(homedir(), '.local', 'share') : data, 'akart')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return directory
}

/** The file that was named, or one of its own for this moment. */
export const productionFile = async (named: string | undefined, what: string, ending: string): Promise<string> =>
  named ??
  join(await productionDirectory(), `${what}-${new Date().toISOString().replaceAll(/[^\dTZ]/gu, '')}.${ending}`)

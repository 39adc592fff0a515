import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where files with numbers, tracks and keys go unless somebody says where: beside no source code, where they would be
 * committed, and readable by nobody else.
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

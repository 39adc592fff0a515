import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'
import { keyCheckValue } from '../cards/keys.ts'
import { openHome } from '../home/home-directory.ts'
import { findSecrets, readSecrets } from '../home/secrets.ts'

type Secrets = { readonly file: string; readonly checkValue: string; readonly wereThere: boolean }

/** Makes the secrets of a production installation where they are missing; returns their file and the key's check value. */
export async function makeSecrets(path: string): Promise<Secrets> {
  const home = await openHome(path)
  try {
    const wereThere = (await findSecrets(home.secretsFile)) !== null
    if (!wereThere && (await holdsDemo(home.directory))) {
      throw setUpError(`${home.directory} holds a demo: its cards are under a public key. Take another --home`)
    }
    const { cardMaster } = await readSecrets(home.secretsFile)
    return { file: home.secretsFile, checkValue: keyCheckValue(cardMaster), wereThere }
  } finally {
    await home.release()
  }
}

/** Whether the home has a demo: without secrets an empty database became one, and secrets made later would not fit it. */
async function holdsDemo(directory: string): Promise<boolean> {
  const found = await Promise.all(
    ['demo', join('mariadb', 'data')].map((name) =>
      access(join(directory, name)).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

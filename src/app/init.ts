import { keyCheckValue } from '../cards/keys.ts'
import { openHome } from '../home/home-directory.ts'
import { readSecrets } from '../home/secrets.ts'

/** Makes the secrets of a production installation where they are missing; returns their file and the key's check value. */
export async function makeSecrets(path: string): Promise<{ readonly file: string; readonly checkValue: string }> {
  const home = await openHome(path)
  try {
    const { cardMaster } = await readSecrets(home.secretsFile)
    return { file: home.secretsFile, checkValue: keyCheckValue(cardMaster) }
  } finally {
    await home.release()
  }
}

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { demoCards } from '../cards/demo.ts'
import { cardsCsv, terminalKeysCsv, terminalsCsv, usersCsv, apiKeysCsv } from '../cards/demo-files.ts'
import { demoApiKeys } from '../cards/demo-shops.ts'
import { demoPeople } from '../cards/demo-people.ts'
import { demoKeyTerminals, demoTerminals } from '../cards/demo-setting.ts'
import type { CardKeys } from '../cards/keys.ts'

/** Writes HOME/demo/cards.csv, terminals.csv, terminal-keys.csv, users.csv and api-keys.csv, each whole or not at all; the same content every time. */
export async function writeDemoFiles(home: string, keys: CardKeys): Promise<string> {
  const directory = join(home, 'demo')
  await mkdir(directory, { recursive: true })
  await replace(join(directory, 'cards.csv'), cardsCsv(demoCards(keys)))
  await replace(join(directory, 'terminals.csv'), terminalsCsv(demoTerminals))
  await replace(
    join(directory, 'terminal-keys.csv'),
    terminalKeysCsv([...demoTerminals.filter(({ kbpk }) => kbpk !== null), ...demoKeyTerminals]),
  )
  await replace(join(directory, 'users.csv'), usersCsv(demoPeople))
  await replace(join(directory, 'api-keys.csv'), apiKeysCsv(demoApiKeys))
  return directory
}

async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

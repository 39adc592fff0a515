import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DemoCard, demoCards, type DemoRound } from './cards.ts'
import { employeesCsv, cardsCsv, terminalKeysCsv, terminalsCsv, usersCsv, apiKeysCsv } from './csv-files.ts'
import { demoApiKeys } from './shops.ts'
import { demoPeople } from './people.ts'
import { demoKeyTerminals, demoTerminals } from './setting.ts'
import type { CardKeys } from '../cards/keys.ts'

/**
 * Writes HOME/demo/cards.csv, terminals.csv, terminal-keys.csv, users.csv, employees.csv and api-keys.csv, each whole or not at all: all cards of
 * these sets, as they were made.
 */
export async function writeDemoFiles(home: string, keys: CardKeys, rounds: readonly DemoRound[]): Promise<string> {
  const directory = join(home, 'demo')
  await writeDemoCards(
    home,
    rounds.flatMap((round) => demoCards(keys, round)),
  )
  await replace(join(directory, 'terminals.csv'), terminalsCsv(demoTerminals))
  await replace(
    join(directory, 'terminal-keys.csv'),
    terminalKeysCsv([...demoTerminals.filter(({ kbpk }) => kbpk !== null), ...demoKeyTerminals]),
  )
  await replace(join(directory, 'users.csv'), usersCsv(demoPeople))
  await replace(join(directory, 'employees.csv'), employeesCsv(keys))
  await replace(join(directory, 'api-keys.csv'), apiKeysCsv(demoApiKeys))
  return directory
}

/** HOME/demo/cards.csv alone. */
export async function writeDemoCards(home: string, cards: readonly DemoCard[]): Promise<string> {
  const directory = join(home, 'demo')
  await mkdir(directory, { recursive: true })
  await replace(join(directory, 'cards.csv'), cardsCsv(cards))
  return join(directory, 'cards.csv')
}

async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

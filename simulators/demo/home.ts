/** Reads the files of a demo (`HOME/demo`). */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DemoCard, readCards } from './cards.ts'
import { type DemoTerminal, type KeyTerminal, readKeyTerminals, readTerminals } from './terminals.ts'
import { readText } from '../read-text.ts'

export type DemoFiles = { home: string; cards: string | undefined; terminals: string | undefined }
/** `keyTerminals` are only for scenarios that name them: their present MAC keys are not in the file. */
export type Demo = { cards: DemoCard[]; terminals: DemoTerminal[]; keyTerminals: KeyTerminal[] }

const HINT = '. Is the switch up, and is this its --home? (make run, or akart up --home DIR)'

/**
 * The demo set that `akart up` wrote to HOME/demo, without the given parts. Throws a SetUpError that names the missing
 * or invalid file.
 */
export function readDemo(files: DemoFiles, without = { cards: false, terminals: false }): Demo {
  const cards = files.cards ?? join(files.home, 'demo', 'cards.csv')
  const terminals = files.terminals ?? join(files.home, 'demo', 'terminals.csv')
  const keys = join(files.home, 'demo', 'terminal-keys.csv')
  return {
    cards: without.cards ? [] : readCards(readText(cards, { hint: HINT }), cards),
    terminals: without.terminals ? [] : readTerminals(readText(terminals, { hint: HINT }), terminals),
    // A switch that is not Akart, or an older one, has none.
    keyTerminals: existsSync(keys) ? readKeyTerminals(readText(keys, { hint: HINT }), keys) : [],
  }
}

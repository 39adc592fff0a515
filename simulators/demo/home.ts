/** Reads the files of a demo (`HOME/demo`). */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetUpError } from '../set-up-error.ts'
import { type DemoCard, readCards } from './cards.ts'
import { type DemoTerminal, type KeyTerminal, readKeyTerminals, readTerminals } from './terminals.ts'
import { fileErrorText } from '../../src/text/file-error.ts'

export type DemoFiles = { home: string; cards: string | undefined; terminals: string | undefined }
/** `keyTerminals` are only for scenarios that name them: their present MAC keys are not in the file. */
export type Demo = { cards: DemoCard[]; terminals: DemoTerminal[]; keyTerminals: KeyTerminal[] }

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (problem) {
    throw new SetUpError(
      `${path}: ${fileErrorText(problem)}. Is the switch up, and is this its --home? (make run, or akart up --home DIR)`,
    )
  }
}

/**
 * The demo set that `akart up` wrote to HOME/demo, without the given parts. Throws a SetUpError that names the missing
 * or invalid file.
 */
export function readDemo(files: DemoFiles, without = { cards: false, terminals: false }): Demo {
  const cards = files.cards ?? join(files.home, 'demo', 'cards.csv')
  const terminals = files.terminals ?? join(files.home, 'demo', 'terminals.csv')
  const keys = join(files.home, 'demo', 'terminal-keys.csv')
  return {
    cards: without.cards ? [] : readCards(readText(cards), cards),
    terminals: without.terminals ? [] : readTerminals(readText(terminals), terminals),
    // A switch that is not Akart, or an older one, has none.
    keyTerminals: existsSync(keys) ? readKeyTerminals(readText(keys), keys) : [],
  }
}

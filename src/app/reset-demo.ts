import { areEnough, type DemoCard, demoCards, type DemoRound } from '../demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import { withAdvisoryLock } from '../db/advisory-lock.ts'
import { addDemoRound, forgetCounts, readDemoRounds, unusedDemoCards } from '../demo/rounds.ts'
import { readInstallation } from '../db/installation.ts'
import { writeDemoCards } from '../demo/write-files.ts'
import { onDatabase } from './on-database.ts'

// 27,500 cards; an installation that needs more begins with an empty home.
const ROUNDS_AT_MOST = 100

export type ResetDemo = { readonly file: string; readonly unused: number; readonly added: number }

/**
 * Writes HOME/demo/cards.csv with the demo cards that have not been used since they were made; first makes a further
 * set if too few are left. Nothing is reversed: used cards stay in the books. Counts against the demo terminals
 * (queries about cards that were never sold, blocks by number) are cleared.
 */
export const resetDemo = (home: string): Promise<ResetDemo> =>
  onDatabase(home, async (access) => {
    if ((await readInstallation(access))?.mark !== 'demo') throw setUpError('only a demo has demo cards')
    return withAdvisoryLock(access, 'demo cards', async () => {
      await forgetCounts(access)
      const keys = deriveCardKeys(DEMO_MASTER)
      const cardsOf = (rounds: readonly DemoRound[]): DemoCard[] => rounds.flatMap((round) => demoCards(keys, round))
      const rounds = await readDemoRounds(access)
      const unused = await unusedDemoCards(access, cardsOf(rounds))
      if (areEnough(unused)) return { file: await writeDemoCards(home, unused), unused: unused.length, added: 0 }
      if (rounds.length === ROUNDS_AT_MOST) {
        throw setUpError(`the demo cards have been renewed ${ROUNDS_AT_MOST} times: begin with an empty --home`)
      }
      await addDemoRound(access, keys, Date.now())
      const all = await unusedDemoCards(access, cardsOf(await readDemoRounds(access)))
      return { file: await writeDemoCards(home, all), unused: all.length, added: all.length - unused.length }
    })
  })

import t from 'tap'
import { play } from './exhaustive.ts'
import { eventsOf, sequences, VARIANTS } from './exhaustive-variants.ts'

// Five in exhaustive.soak.ts: 67,000 sequences of each of 45 variants, 1,400 of 5 more.
const MOST = 3

t.test(`every order and repetition of up to ${MOST} events`, async (t) => {
  for (const variant of VARIANTS) {
    let played = 0
    const wrong: string[] = []
    for (let length = 0; length <= MOST; length++) {
      for (const events of sequences(length, eventsOf(variant))) {
        try {
          play(variant, events)
        } catch (error) {
          wrong.push(`${events.join(' · ')}: ${error instanceof Error ? error.message : String(error)}`)
        }
        played += 1
      }
    }
    const all = [...Array(MOST + 1).keys()].reduce((sum, length) => sum + eventsOf(variant).length ** length, 0)
    t.equal(played, all)
    t.same(wrong.slice(0, 5), [], `${variant.name}, terminal ${variant.terminal}: ${wrong.length} of ${played} wrong`)
  }
})

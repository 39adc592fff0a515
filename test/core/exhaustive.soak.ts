import t from 'tap'
import { play } from './exhaustive.ts'
import { eventsOf, sequences, VARIANTS } from './exhaustive-variants.ts'

const MOST = Number(process.env['AKART_SOAK_EVENTS'] ?? '5')

void t.test(`every order and repetition of ${MOST} events`, async (t) => {
  for (const variant of VARIANTS) {
    const wrong: string[] = []
    let played = 0
    for (const events of sequences(MOST, eventsOf(variant))) {
      try {
        play(variant, events)
      } catch (error) {
        wrong.push(`${events.join(' · ')}: ${error instanceof Error ? error.message : String(error)}`)
      }
      played += 1
    }
    t.same(wrong.slice(0, 5), [], `${variant.name}, terminal ${variant.terminal}: ${wrong.length} of ${played} wrong`)
  }
})

import type { DemoCard } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { usualEntry } from '../terminal/message.ts'
import type { Peer } from '../terminal/peer.ts'
import { stampClock } from '../terminal/stamp.ts'
import { type Event, onEvent } from './events.ts'
import { onKey } from './keys.ts'
import { type Effect, firstModel, type Step } from './model.ts'
import { openScreen, type Display, type Keyboard } from './screen.ts'
import { talkerTo } from './talker.ts'
import { view } from './view.ts'

/** The user's till and card; `card` null: the first sold one. */
export type Sitting = {
  readonly demo: Demo
  readonly terminal: DemoTerminal
  readonly card?: DemoCard | null
  readonly peer: Peer
  readonly currency: string
}

/** A till in the shell, from its first picture to `q`. */
export async function runTill(
  { demo, terminal, card = null, peer, currency }: Sitting,
  keyboard: Keyboard,
  display: Display,
): Promise<void> {
  const screen = openScreen(keyboard, display)
  const around = { stamp: stampClock(Date.now), currency }
  const first = firstModel(demo, `${peer.address.host}:${peer.address.port}`, terminal)
  let model = card === null ? first : { ...first, card, entry: usualEntry(card) }
  const ended = new Promise<void>((resolve, reject) => {
    const paint = () => screen.paint(view(model, screen.size()))
    const tell = (event: Event) => {
      model = onEvent(model, event, Date.now())
      paint()
    }
    const talker = talkerTo(peer, tell)
    const perform = async (effect: Effect): Promise<void> => {
      switch (effect.kind) {
        case 'send':
          return talker.send(effect)
        case 'cut':
          return talker.cut(effect.how)
        case 'connect':
          return talker.connect()
        case 'quit':
          await talker.end()
          return resolve()
      }
    }
    const take = ({ model: next, effects }: Step) => {
      model = next
      paint()
      for (const effect of effects) perform(effect).catch(reject)
    }
    screen.onKey((key) => take(onKey(model, key, around)))
    screen.onResize(paint)
    process.once('SIGTERM', () => take({ model, effects: [{ kind: 'quit' }] }))
    take({ model, effects: [{ kind: 'connect' }] })
  })
  await ended.finally(screen.leave)
}

import { settingsOf, splitRule } from './rule.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Door } from './door.ts'

/** Opens and closes a listener on command: `up`, `down`, `flapping up=500 down=500` (milliseconds). */
export type DoorKeeper = { readonly tell: (text: string) => Promise<void>; readonly told: () => string }

export const keeperStates = ['up', 'down', 'flapping'] as const
const MOST_MS = 3_600_000

export function keeperOf(door: Door): DoorKeeper {
  let timer: NodeJS.Timeout | undefined
  let told = 'down'
  let commands = 0

  const flap = (open: boolean, upMs: number, downMs: number) => {
    const command = commands
    const turn = async () => {
      await (open ? door.open() : door.shut())
      // Another command may have come while the listener was opened or closed.
      if (command === commands) flap(!open, upMs, downMs)
    }
    timer = setTimeout(() => void turn(), open ? downMs : upMs)
  }
  return {
    told: () => told,
    tell: async (text) => {
      const split = splitRule(text)
      const state = keeperStates.find((name) => name === split.name)
      if (state === undefined) throw new SetUpError(`line '${text.trim()}': expected one of ${keeperStates.join(', ')}`)
      const settings = settingsOf(text, split, state === 'flapping' ? ['up', 'down'] : [])
      const upMs = settings.whole('up', 500, MOST_MS)
      const downMs = settings.whole('down', 500, MOST_MS)
      clearTimeout(timer)
      commands++
      told = text.trim()
      await (state === 'down' ? door.shut() : door.open())
      if (state === 'flapping') flap(false, upMs, downMs)
    },
  }
}

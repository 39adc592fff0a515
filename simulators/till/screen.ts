import { emitKeypressEvents } from 'node:readline'
import { SetUpError } from '../set-up-error.ts'
import type { Key } from './keys.ts'
import type { Size } from './view.ts'

/** The parts of standard input and output that are used, so that a test can act as the user. */
export type Keyboard = NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown }
export type Display = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number }

export type Screen = {
  readonly size: () => Size
  readonly paint: (lines: readonly string[]) => void
  readonly onKey: (take: (key: Key) => void) => void
  readonly onResize: (take: () => void) => void
  /** Gives the shell its screen back as it was. */
  readonly leave: () => void
}

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const REST_OF_LINE = '\u001b[K'
const REST_OF_SCREEN = '\u001b[J'

type Pressed = { name?: string; ctrl?: boolean; sequence?: string } | undefined

/** Takes the whole screen. Throws a SetUpError where there is none. */
export function openScreen(keyboard: Keyboard, display: Display): Screen {
  if (keyboard.isTTY !== true || display.isTTY !== true || keyboard.setRawMode === undefined)
    throw new SetUpError('terminal needs a screen and a keyboard; in scripts use: akart-sim send, or akart-sim run')
  const { setRawMode } = keyboard
  emitKeypressEvents(keyboard)
  setRawMode.call(keyboard, true)
  display.write(ENTER)
  keyboard.resume()
  return {
    size: () => ({ columns: display.columns ?? 80, rows: display.rows ?? 24 }),
    paint: (lines) => {
      const rows = lines.map((line) => `${line}${REST_OF_LINE}`)
      display.write(`${HOME}${rows.join('\r\n')}${REST_OF_SCREEN}`)
    },
    onKey: (take) => {
      keyboard.on('keypress', (character: string | undefined, key: Pressed) =>
        take({ name: key?.name ?? character ?? '', character: character ?? '', ctrl: key?.ctrl ?? false }),
      )
    },
    onResize: (take) => void display.on('resize', take),
    leave: () => {
      setRawMode.call(keyboard, false)
      keyboard.pause()
      display.write(LEAVE)
    },
  }
}

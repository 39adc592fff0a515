/** The exchanges of a running scenario, to which later steps refer. */

import type { DemoTerminal } from '../demo/terminals.ts'
import type { Message } from '../terminal/message.ts'

export type Answer = { message: Message; bytes: Buffer; ms: number }

/** A request as sent, and its answer. `request` is without the MAC, `sent` with it. */
export type Exchange = {
  terminal: DemoTerminal
  request: Message
  sent: Message
  answer: Answer | null
}

/** Exchanges that steps gave a name to. */
export type Memory = Map<string, Exchange>

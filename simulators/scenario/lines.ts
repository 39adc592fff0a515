import { ownProfiles } from '../describe/profiles.ts'
import { type Line, openLine, type Reply } from '../terminal/line.ts'
import type { Peer } from '../terminal/peer.ts'
import { whyUnanswered } from '../terminal/unanswered.ts'

/** The open lines of a run, by name; a line is opened when it is first used, and again after it was cut. */
export type Lines = {
  get: (name: string) => Promise<{ ok: true; line: Line } | { ok: false; reason: string }>
  close: (name: string, how: 'close' | 'reset') => Promise<boolean>
  closeAll: () => Promise<void>
  /** The cause suggested by the first bytes if a line never received anything. */
  why: (line: Line, sent: Buffer, reply: Reply) => string[]
  strays: () => number
}

export function linesTo(peer: Peer): Lines {
  const open = new Map<string, Line>()
  const all: Line[] = []
  return {
    get: async (name) => {
      const known = open.get(name)
      if (known?.isOpen()) return { ok: true, line: known }
      const opened = await openLine(peer)
      if (opened.ok) {
        open.set(name, opened.line)
        all.push(opened.line)
      }
      return opened
    },
    close: async (name, how) => {
      const line = open.get(name)
      open.delete(name)
      await line?.close(how)
      return line !== undefined
    },
    closeAll: async () => {
      await Promise.all([...open.values()].map((line) => line.close('close')))
      open.clear()
    },
    why: (line, sent, reply) =>
      reply.kind === 'answer' || line.hasSpoken() ? [] : whyUnanswered(peer, sent, reply, ownProfiles()),
    strays: () => all.reduce((sum, line) => sum + line.strays(), 0),
  }
}

import type { Message } from '../../src/iso8583/message.ts'
import type { RowName } from './statistics.ts'

/** A request that waits for its answer. `plannedAt` and `sentAt` in milliseconds of the monotonic clock. */
export type Pending = {
  name: RowName
  message: Message
  till: number
  /** The place in the closed loop that is free again after the answer; null in the open loop. */
  slot: number | null
  connection: number
  plannedAt: number
  sentAt: number
}

/** The requests in flight, by DE41 and DE11, oldest first. */
export type Flight = {
  add: (pending: Pending) => void
  take: (answer: Message) => Pending | undefined
  size: () => number
  /** Removes requests sent before a moment. */
  takeOlder: (than: number) => Pending[]
  takeConnection: (connection: number) => Pending[]
  takeAll: () => Pending[]
}

const keyOf = ({ fields }: Message) => `${fields[41]}${fields[11]}`

export function newFlight(): Flight {
  const pendings = new Map<string, Pending>()
  const takeWhere = (wanted: (pending: Pending) => boolean) => {
    const found = [...pendings].filter(([, pending]) => wanted(pending))
    for (const [key] of found) pendings.delete(key)
    return found.map(([, pending]) => pending)
  }
  return {
    add: (pending) => void pendings.set(keyOf(pending.message), pending),
    take: (answer) => {
      const key = keyOf(answer)
      const found = pendings.get(key)
      if (found) pendings.delete(key)
      return found
    },
    size: () => pendings.size,
    takeOlder: (than) => {
      const found: Pending[] = []
      for (const [key, pending] of pendings) {
        if (pending.sentAt >= than) break
        pendings.delete(key)
        found.push(pending)
      }
      return found
    },
    takeConnection: (connection) => takeWhere((pending) => pending.connection === connection),
    takeAll: () => takeWhere(() => true),
  }
}

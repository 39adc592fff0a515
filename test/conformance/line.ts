// One connection to the switch, as a terminal holds it: answers may come out of order and are told apart by DE11 + DE41.
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { decode, frame, takeFrames, type Message } from './wire.ts'

/** An answer with its bytes, so that "identical" can be asserted byte for byte. */
export type Answer = Message & { readonly bytes: Buffer }

export type Line = {
  /** Sends bytes as they are. */
  readonly write: (bytes: Buffer) => void
  /** Sends one message and waits for the answer with its DE11 and DE41. */
  readonly ask: (message: Message, bytes: Buffer) => Promise<Answer>
  /** The next answer that matches no request by DE11 and DE41, or undefined after a silence of `ms`. */
  readonly next: (ms?: number) => Promise<Answer | undefined>
  /** Whether the switch closes the line within `ms`. */
  readonly closes: (ms?: number) => Promise<boolean>
  readonly isOpen: () => boolean
  readonly end: () => void
}

// ms for an answer that has to come: longer than a busy machine stands still. Silence is waited for with a time of its own.
const patience = 30_000

const keyOf = (message: Message): string => `${message.fields[41] ?? ''}/${message.fields[11] ?? ''}`

const readInto = (socket: Socket, deliver: (answer: Answer) => void): void => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    const taken = takeFrames(Buffer.concat([rest, chunk]))
    rest = taken.rest
    for (const bytes of taken.messages) deliver({ ...decode(bytes), bytes })
  })
}

/** Opens a line to `host:port`. */
export const openLine = async (address: string): Promise<Line> => {
  const [host = '', port = ''] = address.split(':')
  const socket = connect({ host, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const strays: Answer[] = []
  const waiting = new Map<string, ((answer: Answer) => void)[]>()
  let closed = false
  const lost = new EventEmitter().setMaxListeners(0)
  socket.on('close', () => {
    closed = true
    lost.emit('line')
  })
  socket.on('error', () => (closed = true))
  readInto(socket, (answer) => {
    const first = waiting.get(keyOf(answer))?.shift()
    if (first === undefined) strays.push(answer)
    else first(answer)
  })

  const until = async (done: () => boolean, ms: number): Promise<boolean> => {
    const end = Date.now() + ms
    while (!done() && Date.now() < end) await wait(2)
    return done()
  }
  return {
    write: (bytes) => void socket.write(bytes),
    ask: (message, bytes) =>
      new Promise((resolve, reject) => {
        const fail = (): void => {
          clearTimeout(timer)
          reject(new Error(`no answer to ${message.mti} ${keyOf(message)}`))
        }
        const timer = setTimeout(fail, patience)
        lost.once('line', fail)
        const settle = (answer: Answer): void => {
          clearTimeout(timer)
          lost.off('line', fail)
          resolve(answer)
        }
        waiting.set(keyOf(message), [...(waiting.get(keyOf(message)) ?? []), settle])
        socket.write(frame(bytes))
      }),
    next: async (ms = patience) => {
      await until(() => strays.length > 0 || closed, ms)
      return strays.shift()
    },
    closes: (ms = patience) => until(() => closed, ms),
    isOpen: () => !closed,
    end: () => void socket.destroy(),
  }
}

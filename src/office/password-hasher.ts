/** Hashes passwords in a thread of its own, so that Argon2id does not delay payments. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type PasswordTask =
  | { readonly what: 'hash'; readonly password: string }
  | { readonly what: 'verify'; readonly hash: string; readonly password: string }
export type PasswordAnswer = { readonly hash: string } | { readonly isRight: boolean }

/** Null: too many wait already. */
export type PasswordHasher = {
  readonly hash: (password: string) => Promise<string | null>
  /** As long for a login that does not exist (`hash` null) as for one that does. */
  readonly verify: (hash: string | null, password: string) => Promise<boolean | null>
  readonly stop: () => Promise<void>
}

const THREADS = 2
const MOST_WAITING = 20

/** Of no password that anybody has. */
const NOBODYS = '$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$Zm9yIGxvZ2lucyB0aGF0IGRvIG5vdCBleGlzdCBhdCBhbGw'

type Thread = { readonly worker: Worker; isBusy: boolean }

/** Two hashes at a time, in threads of their own, so that neither terminals nor other pages wait for them. */
export function startPasswordHasher(): PasswordHasher {
  const threads: Thread[] = []
  const waiting: ((thread: Thread) => void)[] = []

  const idleThread = (): Thread | undefined => {
    const idle = threads.find(({ isBusy }) => !isBusy)
    if (idle !== undefined || threads.length >= THREADS) return idle
    const worker = new Worker(new URL('./password-thread.js', import.meta.url), { execArgv: [] })
    worker.unref()
    const made = { worker, isBusy: false }
    threads.push(made)
    return made
  }

  /** A thread that is ours until it is given back; null: too many wait already. */
  const take = (): Promise<Thread> | null => {
    const idle = idleThread()
    if (idle !== undefined) {
      idle.isBusy = true
      return Promise.resolve(idle)
    }
    return waiting.length >= MOST_WAITING ? null : new Promise((resolve) => waiting.push(resolve))
  }
  const giveBack = (thread: Thread): void => {
    const next = waiting.shift()
    if (next === undefined) thread.isBusy = false
    else next(thread)
  }

  const ask = async (task: PasswordTask): Promise<PasswordAnswer | null> => {
    const thread = await take()
    if (thread === null) return null
    thread.worker.ref()
    try {
      const answered = once(thread.worker, 'message')
      thread.worker.postMessage(task)
      const [answer] = (await answered) as [PasswordAnswer]
      return answer
    } finally {
      thread.worker.unref()
      giveBack(thread)
    }
  }

  return {
    async hash(password) {
      const answer = await ask({ what: 'hash', password })
      return answer !== null && 'hash' in answer ? answer.hash : null
    },
    async verify(hash, password) {
      const answer = await ask({ what: 'verify', hash: hash ?? NOBODYS, password })
      return answer !== null && 'isRight' in answer ? answer.isRight && hash !== null : null
    },
    async stop() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

import { hashSync, verifySync } from '@node-rs/argon2'
import { parentPort } from 'node:worker_threads'
import type { PasswordAnswer, PasswordTask } from './password-hasher.ts'

/** The thread behind `password-hasher.ts`. Argon2id by OWASP's figures: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

parentPort?.on('message', (task: PasswordTask) => {
  const answer: PasswordAnswer =
    task.what === 'hash'
      ? { hash: hashSync(task.password, OPTIONS) }
      : { isRight: verifySync(task.hash, task.password) }
  parentPort?.postMessage(answer)
})

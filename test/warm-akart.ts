import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { programFile, SHORT_LIVED } from './programs.ts'

export type Outcome = { readonly code: number; readonly said: string }

const PROCESS = programFile(fileURLToPath(new URL('warm-process.js', import.meta.url)))

/**
 * Runs `akart WORDS` and returns both of its outputs. The commands of a test file run one after the other in one process,
 * which loads the modules once; a process for each command would cost 0.3 s of processor time. `cli/akart.test.ts`,
 * `cli/up.test.ts` and `cli/store.test.ts` test how akart itself starts and ends.
 */
export function warmAkart(
  t: { readonly teardown: (handler: () => void) => void },
  environment: NodeJS.ProcessEnv = {},
): (...words: readonly string[]) => Promise<Outcome> {
  let child: ChildProcess | null = null
  let before: Promise<unknown> = Promise.resolve()
  t.teardown(() => void child?.kill())
  return (...words) => {
    child ??= fork(PROCESS, [], {
      execArgv: [...SHORT_LIVED],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...environment },
    })
    const running = child
    const outcome = before.then(() => ask(running, words))
    before = outcome.catch(() => undefined)
    return outcome
  }
}

function ask(child: ChildProcess, words: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`akart ${words.join(' ')} ended its process with ${code}`))
    child.once('exit', ended)
    child.once('message', (outcome) => {
      child.off('exit', ended)
      resolve(outcome as Outcome)
    })
    child.send(words)
  })
}

// Runs commands of akart that its parent sends, one after the other, as `akart WORDS` does.
import { PassThrough } from 'node:stream'
import { plainConsole } from '../src/cli/plain-console.ts'
import { runCommand } from '../src/cli/run-command.ts'

process.on('message', (words: readonly string[]) => void run(words))

async function run(words: readonly string[]): Promise<void> {
  const texts = { out: '', errors: '' }
  const heard = (name: 'out' | 'errors') =>
    new PassThrough({ decodeStrings: false }).on('data', (chunk: string | Buffer) => (texts[name] += chunk.toString()))
  globalThis.console = plainConsole(heard('out'), heard('errors'))
  process.exitCode = undefined
  const code = await runCommand(words)
  process.exitCode = undefined
  setImmediate(() => process.send?.({ code, said: (texts.out + texts.errors).trim() }))
}

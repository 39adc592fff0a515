import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

export type Proof = { readonly password: string; readonly code: string | null }

/**
 * Reads a person's password and one-time code: without echo from a terminal, else as the first two lines of standard
 * input. They are never taken from the command line, which every user of the machine can read.
 */
export async function readProof(): Promise<Proof> {
  if (!process.stdin.isTTY) {
    const [password = '', code = ''] = (await text(process.stdin)).split(/\r?\n/u)
    return { password, code: code.trim() === '' ? null : code.trim() }
  }
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question)
    const answer = await lines.question('')
    process.stderr.write('\n')
    return answer
  }
  try {
    const password = await ask('password: ')
    const code = (await ask('code: ')).trim()
    return { password, code: code === '' ? null : code }
  } finally {
    lines.close()
  }
}

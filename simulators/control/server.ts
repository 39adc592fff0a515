import { createServer, type IncomingMessage } from 'node:http'
import { SetUpError } from '../set-up-error.ts'
import { listening } from './listening.ts'

/** The HTTP commands of a running simulator: `GET /journal`, `PUT /rules`. The answer is JSON. */
export type Commands = Readonly<Record<string, (body: string) => unknown>>

export type Control = { readonly port: number; readonly stop: () => Promise<void> }

const MOST_BYTES = 64 * 1024

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MOST_BYTES) throw new SetUpError(`more than ${MOST_BYTES} bytes`)
  }
  return text
}

/** Listens on loopback only: anybody who may run a simulator may also control it. Port 0 takes a free one. */
export async function startControl(port: number, commands: Commands): Promise<Control> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(`${JSON.stringify(body, null, 2)}\n`)
    }
    const work = async (): Promise<void> => {
      const command = commands[`${request.method} ${request.url}`]
      if (command === undefined) return answer(404, { error: `there is only ${Object.keys(commands).join(', ')}` })
      const body = await textOf(request)
      answer(200, (await command(body)) ?? { done: true })
    }
    work().catch((problem: unknown) => {
      const told = problem instanceof SetUpError
      answer(told ? 400 : 500, { error: told ? problem.message : String(problem) })
    })
  })
  const taken = await listening(server, '127.0.0.1', port)
  return {
    port: taken,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import type { AddressInfo, Server } from 'node:net'
import { SetUpError } from '../set-up-error.ts'

/** Listens; gives the port that it got, for port 0 a free one. Throws a SetUpError where the port cannot be had. */
export function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (problem: NodeJS.ErrnoException) =>
      reject(new SetUpError(`cannot listen on ${host}:${port}: ${problem.code ?? problem.message}`))
    server.once('error', fail)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** As the switch's own: 511 overflowed in a storm of 10,000 connections. */
const BACKLOG = 4096

/** Calls the API over HTTP. */

import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

export type Call = {
  readonly method: 'GET' | 'POST'
  /** Below `/api/v1`. */
  readonly path: string
  readonly apiKey: string
  readonly idempotencyKey: string | null
  readonly body: object | null
}

export type Response = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

/** Connections of shops that keep them open. */
export const newAgent = (): Agent => new Agent({ keepAlive: true })

/**
 * One request on the wire. Null: no whole answer came; whether anything was done is not known.
 *
 * @param hangsUp ms after the last byte was sent at which the caller hangs up; null: it waits for the answer
 */
export function call(port: number, agent: Agent, wanted: Call, hangsUp: number | null): Promise<Response | null> {
  const payload = wanted.body === null ? null : JSON.stringify(wanted.body)
  return new Promise((resolve) => {
    const sending = request({
      host: '127.0.0.1',
      port,
      method: wanted.method,
      path: `/api/v1${wanted.path}`,
      // A client that hangs up uses a connection of its own.
      agent: hangsUp === null ? agent : false,
      headers: {
        authorization: `Bearer ${wanted.apiKey}`,
        ...(wanted.idempotencyKey === null ? {} : { 'idempotency-key': wanted.idempotencyKey }),
        ...(payload === null
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
      },
    })
    sending.on('error', () => resolve(null))
    sending.on('response', (response) => {
      text(response).then(
        (whole) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: whole }),
        () => resolve(null),
      )
    })
    if (hangsUp !== null) {
      sending.on('finish', () => setTimeout(() => sending.destroy(), hangsUp))
      sending.on('close', () => resolve(null))
    }
    sending.end(payload ?? undefined)
  })
}

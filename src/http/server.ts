import fastify, { LogController, type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Log } from '../log.ts'
import { fastifyLogger } from './fastify-logger.ts'

/** Whether requests can be served now; if not, all reasons. */
export type Readiness = { readonly ready: boolean; readonly why: readonly string[] }

export type HttpParts = {
  readonly log: Log
  readonly registry: Registry
  readonly readiness: () => Readiness | Promise<Readiness>
}

/** How long a closing server waits for its connections: a client that asks nothing and stays must not hold it. */
const CLOSE_TIMEOUT_MS = 1_000
/** A bound, so that HTTP clients cannot use up the file descriptors of terminals and the database. */
const CONNECTIONS_AT_MOST = 100

/**
 * The HTTP server, not yet listening: `inject()` asks it without a socket, `listenHttp` opens one, `close()` finishes
 * what is in flight and lets idle connections go.
 *
 * - `GET /healthz` 200 while the process turns its event loop
 * - `GET /readyz` 200 or 503, `{ready, why}`: whether to send work here
 * - `GET /metrics` Prometheus text
 */
export function buildHttp({ log, registry, readiness }: HttpParts): FastifyInstance {
  const app = fastify({
    loggerInstance: fastifyLogger(log),
    logController: new LogController({ disableRequestLogging: true }), // probes come every second
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  })
  app.server.maxConnections = CONNECTIONS_AT_MOST
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref()
  })
  app.get('/healthz', async () => ({ alive: true }))
  app.get('/readyz', async (_request, reply) => {
    const { ready, why } = await readiness()
    return reply.code(ready ? 200 : 503).send({ ready, why })
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  // The path is the caller's text and stays out of the answer and the log.
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: 'not found' }))
  app.setErrorHandler(async (error, _request, reply) => {
    const status = statusOf(error)
    if (status < 500) return reply.code(status).send({ error: 'bad request' })
    log.error('an HTTP request failed', { error })
    return reply.code(500).send({ error: 'internal error' })
  })
  return app
}

/**
 * @param port 0 takes a free one
 * @returns where it listens
 */
export async function listenHttp(
  app: FastifyInstance,
  at: { readonly host: string; readonly port: number },
): Promise<{ host: string; port: number }> {
  await app.listen({ host: at.host, port: at.port }).catch((error: unknown) => {
    throw new Error(
      `HTTP cannot listen on ${at.host}:${at.port}: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the HTTP server has no port')
  return { host: at.host, port: address.port }
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

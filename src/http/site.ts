import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomUUID, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { isIP } from 'node:net'
import { isLoopback, type SiteConfig } from '../config/sites.ts'
import type { Log } from '../log.ts'
import { answerBroken, boundLines, timesFor } from './bounds.ts'
import { fastifyLogger } from './fastify-logger.ts'
import { type KnownPaths, knownPaths } from './known-paths.ts'
import { plainProblem, sendProblem } from './problem.ts'

/** The answers of a site to unknown paths and to failures of routes. */
export type SiteHandlers = {
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  readonly failed: (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** A path that cannot be decoded, or a part of it that is too long for any id. */
  readonly unreadable: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** The site is closing: the request was not looked at. */
  readonly closing: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** An unknown host name. */
  readonly misdirected: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
}

export type Site = {
  /** Routes are added to it before it listens. */
  readonly app: FastifyInstance
  /** Reads the certificate again, for connections to come. */
  readonly renew: () => Promise<void>
}

/** By TLS of ours, or of a reverse proxy. */
export const isServedByTls = ({ tls, publicUrl }: Pick<SiteConfig, 'tls' | 'publicUrl'>): boolean =>
  tls.certificate !== null || publicUrl?.startsWith('https://') === true

/** How long a closing site waits for its connections. */
const CLOSE_TIMEOUT_MS = 1_000
/** Another process takes over, or this one starts again. */
export const RETRY_AFTER_SECONDS = 2
/** A year, for names below ours too (ASVS 3.4.1). */
const HSTS = 'max-age=31536000; includeSubDomains'

type Certificate = { readonly cert: Buffer; readonly key: Buffer }

/**
 * An HTTP site for people and partners, not yet listening. Every answer has a request id and is not cached unless its
 * route says so. An unknown host name is refused. Unknown paths, other methods of known ones (405, with Allow) and failures
 * are answered with a problem.
 *
 * @param policy the Content-Security-Policy of every answer
 * @throws if the certificate cannot be read
 */
export async function buildSite(
  config: SiteConfig,
  policy: string,
  log: Log,
  bodyLimit: number,
  handlers?: SiteHandlers,
): Promise<Site> {
  const paths = knownPaths()
  const { misdirected, notFound, failed, unreadable, closing } = handlers ?? plainHandlers(log, paths)
  const certificate = await readCertificate(config)
  const servers: TlsServer[] = []
  const isKnown = hostCheck(config, certificate)
  const withHeaders = headersOf(policy, isServedByTls(config))
  const app = fastify({
    loggerInstance: fastifyLogger(log),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger per request costs 3 % of a payment and is not used: log lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // its body is no problem; ours is
    // fastify's own answer repeats the path, and has none of our headers: no hook runs before it.
    frameworkErrors(_error, request, reply) {
      withHeaders(request, reply)
      if (isKnown(request)) unreadable(request, reply)
      else misdirected(request, reply)
    },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit,
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    routerOptions: { maxParamLength: 200 },
    serverFactory(handler: RequestListener) {
      const times = timesFor(bodyLimit, config.trustProxy.length > 0)
      const tls =
        certificate === null ? null : createTlsServer({ ...times, ...certificate, minVersion: 'TLSv1.2' }, handler)
      const server = tls ?? createServer(times, handler)
      if (tls !== null) servers.push(tls)
      boundLines(server, config.trustProxy)
      return server
    },
    clientErrorHandler: answerBroken,
  })
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
    setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref()
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (!isKnown(request)) misdirected(request, reply)
    else if (isClosing) closing(request, reply)
    else done()
  })
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) paths.add(one, url)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    withHeaders(request, reply)
    done(null, payload)
  })
  // The path is the caller's text and stays out of the answer and the log.
  app.setNotFoundHandler(async (request, reply) => notFound(request, reply))
  app.setErrorHandler(async (error, request, reply) => failed(error, request, reply))
  return {
    app,
    async renew() {
      const again = await readCertificate(config)
      if (again !== null) for (const server of servers) server.setSecureContext(again)
    },
  }
}

/** Puts the headers on an answer that every answer has. */
const headersOf =
  (policy: string, isSecure: boolean) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    void reply.header('x-request-id', request.id)
    void reply.header('x-content-type-options', 'nosniff')
    if (!reply.hasHeader('referrer-policy')) void reply.header('referrer-policy', 'no-referrer')
    void reply.header('content-security-policy', policy)
    if (isSecure) void reply.header('strict-transport-security', HSTS)
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  }

const plainHandlers = (log: Log, paths: KnownPaths): SiteHandlers => ({
  notFound(request, reply) {
    const allowed = paths.at(request.url.split('?', 1)[0] ?? '')
    if (allowed.length === 0) return sendProblem(reply, plainProblem(404))
    return sendProblem(reply.header('allow', allowed.join(', ')), plainProblem(405))
  },
  unreadable: (_request, reply) => sendProblem(reply, plainProblem(404)),
  closing: (_request, reply) => sendProblem(reply.header('retry-after', RETRY_AFTER_SECONDS), plainProblem(503)),
  misdirected: (_request, reply) => sendProblem(reply, plainProblem(421)),
  failed(error, request, reply) {
    const status = statusOf(error)
    if (status >= 500 && status !== 503) log.error('an HTTP request failed', { error, request: request.id })
    return sendProblem(reply, plainProblem(status))
  },
})

async function readCertificate({ tls }: SiteConfig): Promise<Certificate | null> {
  if (tls.certificate === null || tls.key === null) return null
  const [cert, key] = await Promise.all([readFile(tls.certificate), readFile(tls.key)])
  return { cert, key }
}

/** The accepted host names: that of the public URL, else those of the certificate, else the address of the listener. */
function hostCheck(config: SiteConfig, certificate: Certificate | null): (request: FastifyRequest) => boolean {
  if (config.publicUrl !== null) {
    const { host } = new URL(config.publicUrl)
    return (request) => request.host.toLowerCase() === host
  }
  const names = new Set([config.host, ...(isLoopback(config.host) ? ['localhost', '127.0.0.1', '::1'] : [])])
  const x509 = certificate === null ? null : new X509Certificate(certificate.cert)
  return (request) => {
    const name = request.hostname.toLowerCase().replace(/^\[(.*)\]$/u, '$1')
    return names.has(name) || (x509 !== null && covers(x509, name))
  }
}

const covers = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined

/** The origin that our own pages have; a host name has been checked before. */
export const ownOrigin = (
  { publicUrl }: Pick<SiteConfig, 'publicUrl'>,
  request: Pick<FastifyRequest, 'host' | 'protocol'>,
): string => (publicUrl === null ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin)

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

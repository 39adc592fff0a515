import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomUUID, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { isIP } from 'node:net'
import { isLoopback, type SiteConfig } from '../config/sites.ts'
import type { Log } from '../log.ts'
import type { HttpAnswer } from './answer.ts'
import { answerBroken, boundLines, timesFor } from './bounds.ts'
import { clientReader } from './client.ts'
import { directly, type DirectRoutes } from './direct.ts'
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
  /** Routes of POST requests that Fastify knows as well, and that are answered without it where a request is plain. */
  readonly direct?: DirectRoutes
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

const MODERN = { minVersion: 'TLSv1.2' } as const
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
  const { misdirected, notFound, failed, unreadable, closing, direct } = handlers ?? plainHandlers(log, paths)
  const certificate = await readCertificate(config)
  const servers: TlsServer[] = []
  const client = clientReader(config.trustProxy)
  const isKnownHost = hostCheck(config, certificate)
  const isKnown = (request: IncomingMessage): boolean => isKnownHost(client.hostOf(request))
  const headers = headersOf(policy, isServedByTls(config))
  let isClosing = false
  const isOpen = (request: IncomingMessage): boolean => !isClosing && isKnown(request)
  const app = fastify({
    loggerInstance: fastifyLogger(log),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger per request costs 3 % of a payment and is not used: log lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // its body is no problem; ours is
    // fastify's own answer repeats the path, and has none of our headers: no hook runs before it.
    frameworkErrors(_error, request, reply) {
      putHeaders(headers, request, reply)
      if (isKnown(request.raw)) unreadable(request, reply)
      else misdirected(request, reply)
    },
    genReqId: newId,
    requestIdHeader: false,
    bodyLimit,
    trustProxy: config.trustProxy.length === 0 ? false : client.isProxy,
    routerOptions: { maxParamLength: 200 },
    serverFactory(fastifys: RequestListener) {
      const parts = { bodyLimit, newId, addressOf: client.addressOf, isOpenTo: isOpen, headers }
      const handler = direct === undefined ? fastifys : directly({ ...parts, routes: direct }, fastifys)
      const times = timesFor(bodyLimit, config.trustProxy.length > 0)
      const tls = certificate === null ? null : createTlsServer({ ...times, ...certificate, ...MODERN }, handler)
      if (tls !== null) servers.push(tls)
      return boundLines(tls ?? createServer(times, handler), client.isProxy)
    },
    clientErrorHandler: answerBroken,
  })
  app.addHook('preClose', async () => {
    isClosing = true
    setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref()
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (!isKnown(request.raw)) misdirected(request, reply)
    else if (isClosing) closing(request, reply)
    else done()
  })
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) paths.add(one, url)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    putHeaders(headers, request, reply)
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

type SiteHeaders = { readonly always: HttpAnswer['headers']; readonly unlessSaid: HttpAnswer['headers'] }

/** The headers of every answer, and those that an answer has unless its route says something else. */
const headersOf = (policy: string, isSecure: boolean): SiteHeaders => ({
  always: {
    'x-content-type-options': 'nosniff',
    'content-security-policy': policy,
    ...(isSecure ? { 'strict-transport-security': HSTS } : {}),
  },
  unlessSaid: { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
})

function putHeaders({ always, unlessSaid }: SiteHeaders, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id).headers(always)
  for (const name in unlessSaid) if (!reply.hasHeader(name)) void reply.header(name, unlessSaid[name])
}

const newId = (): string => randomUUID()

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
function hostCheck(config: SiteConfig, certificate: Certificate | null): (host: string) => boolean {
  if (config.publicUrl !== null) {
    const { host } = new URL(config.publicUrl)
    return (asked) => asked.toLowerCase() === host
  }
  const names = new Set([config.host, ...(isLoopback(config.host) ? ['localhost', '127.0.0.1', '::1'] : [])])
  const x509 = certificate === null ? null : new X509Certificate(certificate.cert)
  return (asked) => {
    const name = hostnameIn(asked.toLowerCase())
    return names.has(name) || (x509 !== null && covers(x509, name))
  }
}

/** Without its port, an IPv6 address without its brackets. */
const hostnameIn = (host: string): string =>
  host.startsWith('[') ? host.slice(1, Math.max(1, host.indexOf(']'))) : (host.split(':', 1)[0] ?? '')

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

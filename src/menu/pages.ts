import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'

/** Names of built files hold a hash of their content. */
const HASHED = /\/assets\//u
const FOREVER = 'public, max-age=31536000, immutable'

/** Serves the built browser app: its files, and its one page for every path that is none of the API's. */
export async function mountPages(app: FastifyInstance, directory: string): Promise<void> {
  if (!existsSync(`${directory}/index.html`)) return
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders(reply, path) {
      void reply.header('cache-control', HASHED.test(path) ? FOREVER : 'no-cache')
    },
  })
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const isPage = !path.startsWith('/api/') && !/\.\w+$/u.test(path)
    if (!isPage) return reply.callNotFound()
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}

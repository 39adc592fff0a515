import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/**
 * Writes /sw.js, a service worker that caches the shell (page, script, style, font), so that the app opens without a
 * connection. Answers of the API are never cached.
 */
export function shellWorker(): Plugin {
  return {
    name: 'akart-shell-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .toSorted()
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
      const shell = ['/', '/mark.svg', '/manifest.webmanifest', ...files.map((name) => `/${name}`)]
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: workerText(`akart-shell-${version}`, shell) })
    },
  }
}

const workerText = (cache: string, shell: readonly string[]): string => `const CACHE = ${JSON.stringify(cache)}
const SHELL = ${JSON.stringify(shell)}
const kept = new Set(SHELL)

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
  event.waitUntil(caches.keys().then(drop).then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('/', { cacheName: CACHE })))
    return
  }
  if (kept.has(url.pathname)) {
    event.respondWith(caches.match(request, { cacheName: CACHE }).then((found) => found ?? fetch(request)))
  }
})
`

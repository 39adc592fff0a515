import { demoStores } from './setting.ts'

/** A web shop of the demo and one of its API keys. */
export type DemoShop = { readonly code: string; readonly name: string; readonly store: string }
export type DemoApiKey = {
  readonly name: string
  readonly shop: string
  readonly kind: 'secret' | 'publishable'
  readonly key: string
  readonly scopes: readonly string[]
  readonly origins: readonly string[]
}

const storeAt = (place: number): string => demoStores[place]?.id ?? ''

export const demoShops: readonly DemoShop[] = [
  { code: 'WEBSHOP', name: 'Demo web shop', store: storeAt(0) },
  { code: 'READER', name: 'Demo balance reader', store: storeAt(1) },
]

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [`http://${host}:*`, `https://${host}:*`])

/** Public, as everything of a demo: it is served to loopback alone. */
export const demoApiKeys: readonly DemoApiKey[] = [
  {
    name: 'webshop',
    shop: 'WEBSHOP',
    kind: 'secret',
    key: 'akart_demo_Webshop0Webshop0Webshop0Webshop0',
    scopes: ['cards', 'payments', 'top-ups', 'refunds', 'sales', 'webhooks'],
    origins: [],
  },
  {
    name: 'browser',
    shop: 'WEBSHOP',
    kind: 'publishable',
    key: 'akart_pub_Browser0Browser0Browser0Browser0',
    scopes: [],
    origins: LOOPBACK,
  },
  {
    name: 'readonly',
    shop: 'READER',
    kind: 'secret',
    key: 'akart_demo_Reader00Reader00Reader00Reader00',
    scopes: ['cards'],
    origins: [],
  },
]

/** The settings of the two HTTP sites, AkartMenu and AkartWeb. */

import { BlockList, isIP } from 'node:net'
import { Type } from 'typebox'
import { type Problem, shown } from './check.ts'
import { closed, host, integer, port, text } from './values.ts'
import { isNetwork } from './network.ts'

const orNull = (schema: ReturnType<typeof text>, description: string) =>
  Type.Union([schema, Type.Null()], { description, default: null })

const file = orNull(text('^.+$', 'a path'), 'a path or null')

const site = {
  host: host(),
  port,
  tls: Type.Object({ certificate: file, key: file }, { ...closed, default: {} }),
  publicUrl: orNull(
    text('^https?://[^/\\s?#@]+$', 'a URL without a path'),
    'a URL without a path, as https://menu.example.com, or null',
  ),
  trustProxy: Type.Array(Type.String({ description: 'an address, or a network as 10.0.0.0/8' }), {
    description: 'a list of addresses and networks',
    default: [],
  }),
}

export const MenuSchema = Type.Object(
  {
    ...site,
    idleMinutes: integer(1, 720, 'minutes', { default: 15 }),
    auditHeadTo: orNull(
      text('^[^\\s@<>]+@[^\\s@<>]+$', 'an address, as audit@example.com'),
      'an address, as audit@example.com or null',
    ),
  },
  closed,
)
const colour = orNull(text('^#[0-9a-fA-F]{6}$', 'a colour as #0b5563'), 'a colour as #0b5563, or null')
const theme = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'a name of at most 60 characters',
      default: 'Akart',
    }),
    logo: orNull(text('^.+\\.(svg|png|jpg|webp)$', 'a path'), 'a path of a picture (svg, png, jpg, webp), or null'),
    colours: Type.Object({ accent: colour, accentDark: colour }, { ...closed, default: {} }),
  },
  { ...closed, default: {} },
)
export const WebSchema = Type.Object({ ...site, theme }, closed)

/** The settings that the HTTP listeners of AkartMenu and AkartWeb share. */
export type SiteConfig = {
  readonly host: string
  readonly port: number
  readonly tls: { readonly certificate: string | null; readonly key: string | null }
  readonly publicUrl: string | null
  readonly trustProxy: readonly string[]
}

const SITES = ['menu', 'web'] as const

/**
 * Rules of a site that the schema cannot express. Beyond loopback, TLS is mandatory, because passwords and keys are
 * transmitted: either our own (certificate and key) or that of a reverse proxy (`publicUrl` of https and `trustProxy`).
 */
export function siteProblems(value: unknown): Problem[] {
  return SITES.flatMap((name) => {
    const site = (value as Partial<Record<(typeof SITES)[number], SiteConfig>>)[name]
    return site === undefined ? [] : problemsOfSite(name, site)
  })
}

function problemsOfSite(name: string, { host: at, tls, publicUrl, trustProxy }: SiteConfig): Problem[] {
  const half = (tls.certificate === null) !== (tls.key === null)
  const byProxy = publicUrl?.startsWith('https://') === true && trustProxy.length > 0
  const open = !isLoopback(at) && tls.certificate === null && !byProxy
  return [
    ...(half ? [{ path: [name, 'tls'], text: 'must have certificate and key, or neither' }] : []),
    ...(open
      ? [
          {
            path: [name, 'host'],
            text: `must be a loopback address where ${name}.tls has no certificate and no reverse proxy is named (${name}.publicUrl of https, ${name}.trustProxy); it is ${shown(at)}`,
          },
        ]
      : []),
    ...trustProxy.flatMap((entry, i) =>
      isNetwork(entry)
        ? []
        : [
            {
              path: [name, 'trustProxy', i],
              text: `must be an address, or a network as 10.0.0.0/8; it is ${shown(entry)}`,
            },
          ],
    ),
  ]
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

export function isLoopback(host: string): boolean {
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Config } from '../../config/schema.ts'
import { fail, ok, warn, type Finding } from './finding.ts'
import { fileErrorText } from '../../text/file-error.ts'

const DAY_MS = 86_400_000
/** A certificate is reported this number of days before it expires. */
const SOON_DAYS = 30

type Named = { readonly setting: string; readonly file: string }

const named = (setting: string, file: string | null): Named[] => (file === null ? [] : [{ setting, file }])

/** Every certificate and key that the settings name. */
export function filesOf(config: Config): { readonly certificates: Named[]; readonly keys: Named[] } {
  const listeners = config.listeners.map((one, i) => ({ ...one, at: `listeners[${i}]` }))
  const upstreams = config.upstreams.map((one, i) => ({ ...one, at: `upstreams[${i}]` }))
  const sites = (['menu', 'web'] as const).map((name) => ({ ...config[name].tls, at: `${name}.tls` }))
  return {
    certificates: [
      ...listeners.flatMap(({ at, certificate, ca }) => [...named(`${at}.certificate`, certificate), ...named(`${at}.ca`, ca)]),
      ...sites.flatMap(({ at, certificate }) => named(`${at}.certificate`, certificate)),
      ...upstreams.flatMap(({ at, tlsCa, tlsCert }) => [...named(`${at}.tlsCa`, tlsCa), ...named(`${at}.tlsCert`, tlsCert)]),
    ], // prettier-ignore
    keys: [
      ...listeners.flatMap(({ at, key }) => named(`${at}.key`, key)),
      ...sites.flatMap(({ at, key }) => named(`${at}.key`, key)),
      ...upstreams.flatMap(({ at, tlsKey }) => named(`${at}.tlsKey`, tlsKey)),
    ],
  }
}

export async function certificateFindings(config: Config, now: number): Promise<Finding[]> {
  const { certificates, keys } = filesOf(config)
  const all = [
    ...certificates.map(async (one) => certificateFinding(one, now)),
    ...keys.map(async ({ setting, file }) => keyFinding(setting, file)),
  ]
  return Promise.all(all)
}

async function certificateFinding({ setting, file }: Named, now: number): Promise<Finding> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error)
  if (text instanceof Error) return fail('certificates', `${setting}: ${file}: ${fileErrorText(text)}`, 'name a PEM file that can be read') // prettier-ignore
  const certificate = parsed(text)
  if (certificate === null) return fail('certificates', `${setting}: ${file} holds no certificate`, 'name a PEM file')
  const left = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS)
  const line = `${setting}: ${file} ends on ${new Date(certificate.validTo).toISOString().slice(0, 10)}`
  if (left < 0) return fail('certificates', `${line}: it has ended`, 'renew it, then send SIGHUP to akart up')
  return left < SOON_DAYS
    ? warn('certificates', `${line}, in ${left} days`, 'renew it, then send SIGHUP to akart up')
    : ok('certificates', line)
}

async function keyFinding(setting: string, file: string): Promise<Finding> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error) return fail('certificates', `${setting}: ${file}: ${fileErrorText(found)}`, 'name a PEM file that can be read') // prettier-ignore
  return (found.mode & 0o004) === 0
    ? ok('certificates', `${setting}: ${file}`)
    : fail('certificates', `${setting}: everybody can read ${file}`, `chmod 0640 ${file}`)
}

function parsed(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text)
  } catch {
    return null
  }
}

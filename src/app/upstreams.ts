import { readFile } from 'node:fs/promises'
import type { UpstreamConfig } from '../config/schema.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Profile } from '../iso8583/profile.ts'
import { pack } from '../iso8583/pack.ts'
import { UPSTREAM_KINDS } from '../upstreams/kinds.ts'
import type { TlsSettings, UpstreamSettings } from '../upstreams/upstream.ts'
import { fileErrorText } from '../text/file-error.ts'

/**
 * Prepares the configured settings of an upstream.
 *
 * @throws a set-up error if a file cannot be read, or the profile cannot carry a fixed field
 */
export async function upstreamSettings(config: UpstreamConfig, profile: Profile): Promise<UpstreamSettings> {
  const { name, host, port, length, tpdu, maxFrameBytes, terminal } = config
  const fixed = new Map(config.fields.map(({ number, value }) => [number, value]))
  try {
    pack(profile, { mti: '0200', fields: Object.fromEntries(fixed) })
  } catch (error) {
    throw setUpError(`upstream ${name}: fields: ${error instanceof Error ? error.message : String(error)}`)
  }
  return {
    name,
    kind: UPSTREAM_KINDS[config.kind],
    fixed,
    host,
    port,
    tls: config.tls === 'off' ? null : await tlsSettings(config),
    profile,
    frame: { length, tpdu, maxFrame: maxFrameBytes },
    pool: {
      min: Math.min(config.minConnections, config.maxConnections),
      max: config.maxConnections,
      perLink: config.perConnection,
      acquireTimeoutMs: config.acquireTimeoutSeconds * 1000,
      idleTimeoutMs: config.idleTimeoutSeconds * 1000,
      echoAfterMs: config.echoAfterSeconds * 1000,
    },
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    timeoutMs: config.timeoutSeconds * 1000,
    breaker: { after: config.breakerAfter, pause: config.breakerPauseSeconds * 1000 },
    terminal,
  }
}

async function tlsSettings({ name, tlsCa, tlsCert, tlsKey, tlsServerName }: UpstreamConfig): Promise<TlsSettings> {
  const pem = (file: string | null): Promise<string | null> =>
    file === null
      ? Promise.resolve(null)
      : readFile(file, 'utf8').catch((error: unknown) => {
          throw setUpError(`upstream ${name}: ${file}: can't be read: ${fileErrorText(error)}`)
        })
  return { ca: await pem(tlsCa), cert: await pem(tlsCert), key: await pem(tlsKey), serverName: tlsServerName }
}

/** Opens the ISO 8583 listeners of the configuration and renews their TLS certificates while they run. */

import { readFile } from 'node:fs/promises'
import type { Config, ListenerConfig } from '../config/schema.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Profile } from '../iso8583/profile.ts'
import type { Log } from '../log.ts'
import type { Addresses } from '../switch/addresses.ts'
import { type Certificates, openCertificates } from '../switch/certificates.ts'
import type { SwitchParts } from '../switch/handle.ts'
import { type Listener, type ListenerSettings, type ListenerWatch, openListener } from '../switch/listener.ts'

export type Listeners = {
  readonly all: readonly Listener[]
  /** Reads the certificates again and gives them to new lines. */
  readonly renew: () => Promise<void>
  readonly stop: (timeoutMs: number) => Promise<void>
}

// A certificate should be renewed weeks before it expires.
const POLL_INTERVAL_MS = 5_000

/** Opens the configured listeners in order. @throws a set-up error if a port is taken or a certificate cannot be used */
export async function openListeners(
  config: Config,
  profiles: ReadonlyMap<string, Profile>,
  parts: SwitchParts,
  addresses: Addresses,
  watch: ListenerWatch,
  log: Log,
): Promise<Listeners> {
  const all: Listener[] = []
  const renewals: (() => Promise<void>)[] = []
  const renew = async (): Promise<void> => void (await Promise.all(renewals.map((again) => again())))
  const looking = setInterval(() => void renew(), POLL_INTERVAL_MS)
  const stop = async (timeoutMs: number): Promise<void> => {
    clearInterval(looking)
    await Promise.all(all.map((listener) => listener.stop(timeoutMs)))
  }
  try {
    for (const configured of config.listeners) {
      const certificates = await certificatesOf(configured).catch(asSetUpError(configured.name))
      const settings = settingsOf(configured, profiles, certificates)
      const listener = await openListener(settings, parts, addresses, watch).catch(asSetUpError(null))
      all.push(listener)
      if (certificates !== null) renewals.push(() => renewOne(listener, certificates, log))
    }
    await warnOfBacklog(config, log)
    return { all, renew, stop }
  } catch (error) {
    await stop(0)
    throw error
  }
}

/** Null for a listener without TLS; the configuration has checked which files are required. */
async function certificatesOf({ tls, certificate, key, ca }: ListenerConfig): Promise<Certificates | null> {
  if (tls === 'off' || certificate === null || key === null) return null
  return openCertificates({ certificate, key, ca: tls === 'mutual' ? ca : null })
}

async function renewOne(listener: Listener, certificates: Certificates, log: Log): Promise<void> {
  const outcome = await certificates.reload()
  if (outcome === 'same') return
  if (outcome === 'changed') {
    listener.renew()
    log.info('certificates read again', { listener: listener.name })
  } else {
    log.error('certificates stay as they were', { listener: listener.name, why: outcome.fault })
  }
}

const settingsOf = (
  listener: ListenerConfig,
  profiles: ReadonlyMap<string, Profile>,
  certificates: Certificates | null,
): ListenerSettings => {
  const profile = profiles.get(listener.profile)
  if (profile === undefined) throw new Error(`profile ${listener.profile} was not read`)
  const {
    name,
    host,
    port,
    backlog,
    maxLines,
    maxBadFrames,
    length,
    tpdu,
    maxFrameBytes,
    signOn,
    requireMac,
    proxyFrom,
  } = listener
  return {
    name,
    host,
    port,
    backlog,
    maxLines,
    maxBadFrames,
    profile,
    frame: { length, tpdu, maxFrame: maxFrameBytes },
    idleTimeoutMs: listener.idleTimeoutSeconds * 1000,
    frameTimeoutMs: listener.frameTimeoutSeconds * 1000,
    maxInFlight: listener.maxInFlightPerLine,
    certificates,
    isMutual: listener.tls === 'mutual',
    signOn,
    requireMac,
    proxyFrom,
  }
}

/** A taken port or an invalid certificate is a fault of the set-up: one line, no stack. */
const asSetUpError =
  (listener: string | null) =>
  (error: unknown): never => {
    const message = error instanceof Error ? error.message : String(error)
    throw setUpError(listener === null ? message : `listener ${listener}: ${message}`)
  }

/** Warns if the kernel's limit of the backlog is lower: it cuts it silently, and many connections at once are then reset. */
async function warnOfBacklog({ listeners }: Config, log: Log): Promise<void> {
  const limit = Number(await readFile('/proc/sys/net/core/somaxconn', 'utf8').catch(() => Infinity))
  for (const { name, backlog } of listeners) {
    if (backlog > limit) log.warn('the kernel cuts the backlog: net.core.somaxconn', { listener: name, backlog, limit })
  }
}

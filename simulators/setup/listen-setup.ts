import { existsSync } from 'node:fs'
import type { TlsOptions } from 'node:tls'
import type { FrameSettings } from '../../src/iso8583/frame.ts'
import { ownProfile } from '../describe/profiles.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Address } from '../terminal/address.ts'
import { type Wire, wireOf } from '../terminal/wire.ts'
import type { LineOptions } from './line-options.ts'
import { framingOf, lineSetup, type LineSetup, tlsOf } from './line-setup.ts'
import { overTillFile } from './till-file.ts'

/** A listener described by the options of a line: what terminals that use the same options can talk to. */
export type ListenSetup = {
  readonly listen: Address
  readonly frame: FrameSettings
  readonly wire: Wire
  readonly tls: TlsOptions | null
}

/** `HOST:PORT`; port 0 takes a free one. */
export function parseListen(text: string): Address {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const host = found?.[1] ?? found?.[2]
  if (host === undefined || Number(found?.[3]) > 65_535)
    throw new SetUpError(`--listen ${text}: expected HOST:PORT, for instance 127.0.0.1:8700`)
  return { host, port: Number(found?.[3]) }
}

/** With `--tls`, a certificate and its key; with `--tls-ca`, terminals have to show one too. */
export function listenerTls(options: LineOptions): TlsOptions | null {
  const tls = tlsOf(options)
  if (tls === null) return null
  if (tls.cert === undefined || tls.key === undefined)
    throw new SetUpError('--tls of a listener needs --tls-cert and --tls-key')
  const mutual = tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: tls.verify }
  return { cert: tls.cert, key: tls.key, ...mutual }
}

export function listenSetup(listen: string, given: LineOptions, maxFrame: number): ListenSetup {
  const options = overTillFile(given)
  const { length, tpdu } = framingOf(options)
  return {
    listen: parseListen(listen),
    frame: { length, tpdu: tpdu === null ? 'none' : 5, maxFrame },
    wire: wireOf(ownProfile(options.profile ?? 'iso87-ascii'), null),
    tls: listenerTls(options),
  }
}

/** The terminals that may come: those of the demo set where there is one, and the one that was named. */
export function knownTerminals(given: LineOptions): LineSetup['demo']['terminals'] {
  const options = overTillFile(given)
  const home = options.home ?? '.akart'
  const nothing =
    options.store === undefined && options.terminals === undefined && !existsSync(`${home}/demo/terminals.csv`)
  if (nothing && options.terminal === undefined) return []
  return lineSetup({
    ...options,
    till: undefined,
    tls: false,
    tlsCa: undefined,
    tlsCert: undefined,
    tlsKey: undefined,
    tlsName: undefined,
  }).demo.terminals
}

import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { SslOptions } from 'mysql2'
import { setUpError } from '../config/set-up-error.ts'
import { fileErrorText } from '../text/file-error.ts'

/** The PEM files of TLS to the database, by the names that they have in the URL. */
export type TlsFiles = {
  /** Of the authority that signed the server's certificate; null: one that Node trusts. */
  readonly tlsCa: string | null
  /** Ours, where the server wants one (`REQUIRE X509`), and its key. */
  readonly tlsCertificate: string | null
  readonly tlsKey: string | null
}

type Place = { readonly host: string; readonly isLocal: boolean }

/**
 * The TLS parameters of a database URL; null: no TLS. On a socket or loopback TLS is off by default; to another host it
 * is on unless `tls=off` is given.
 *
 * @throws a set-up error that names the parameter
 */
export function tlsFilesOf(parameters: URLSearchParams, { host, isLocal }: Place): TlsFiles | null {
  const files = {
    tlsCa: parameters.get('tlsCa'),
    tlsCertificate: parameters.get('tlsCertificate'),
    tlsKey: parameters.get('tlsKey'),
  }
  const named = Object.values(files).some((file) => file !== null)
  const mode = parameters.get('tls')
  if (mode !== null && mode !== 'on' && mode !== 'off') throw setUpError('database URL: tls must be on or off')
  if (mode === 'off' && named) throw setUpError('database URL: tls=off, and files for TLS; leave one of them out')
  if ((files.tlsCertificate === null) !== (files.tlsKey === null)) {
    throw setUpError('database URL: tlsCertificate and tlsKey belong together')
  }
  if (mode === 'off' || (isLocal && mode === null && !named)) return null
  if (isIP(host) !== 0) {
    throw setUpError(
      `database URL: the server's certificate is compared with its name: write the name of the host instead of ${host}, or tls=off`,
    )
  }
  return files
}

/**
 * TLS 1.2 or newer, with a certificate that is signed and names the host. The files are read for each connection, so
 * that a renewed certificate needs no restart.
 *
 * @throws a set-up error that names the file
 */
export async function tlsOptions(files: TlsFiles): Promise<SslOptions> {
  const [ca, cert, key] = await Promise.all([
    read('tlsCa', files.tlsCa),
    read('tlsCertificate', files.tlsCertificate),
    read('tlsKey', files.tlsKey),
  ])
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    verifyIdentity: true,
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  }
}

async function read(name: keyof TlsFiles, file: string | null): Promise<string | null> {
  if (file === null) return null
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw setUpError(`database URL: ${name} ${file} can't be read: ${fileErrorText(error)}`)
  })
}

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { fileErrorText } from '../text/file-error.ts'

/**
 * The PEM files of a listener's TLS. `ca`: the authorities of the certificates that terminals must present; null: they
 * present none.
 */
export type CertificateFiles = { readonly certificate: string; readonly key: string; readonly ca: string | null }

export type Certificates = {
  readonly current: () => SecureContextOptions
  /** Reads the files again. If one is faulty, the former ones stay in use. */
  readonly reload: () => Promise<'same' | 'changed' | { readonly fault: string }>
}

/** Forward secrecy and authenticated encryption only: TLS 1.3 has nothing else, of TLS 1.2 these remain. */
const TLS_12_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
] as const

const VERSIONS = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  honorCipherOrder: true,
  ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', ...TLS_12_CIPHERS].join(
    ':',
  ),
} as const satisfies SecureContextOptions

/** @throws an error with the file and its fault, never with its content */
export async function openCertificates(files: CertificateFiles): Promise<Certificates> {
  let { options, digest } = await readCertificates(files)
  /** The content of faulty files, so that each fault is reported once. */
  let refused = ''
  return {
    current: () => options,
    async reload() {
      try {
        const read = await readCertificates(files)
        refused = ''
        if (read.digest === digest) return 'same'
        ;({ options, digest } = read)
        return 'changed'
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error)
        if (fault === refused) return 'same'
        refused = fault
        return { fault }
      }
    },
  }
}

/** A group may read it, as Debian's ssl-cert does; others may not. */
const OTHERS = 0o007

async function readCertificates(files: CertificateFiles): Promise<{ options: SecureContextOptions; digest: string }> {
  const cert = await read('certificate', files.certificate)
  const key = await read('key', files.key)
  if (((await stat(files.key)).mode & OTHERS) !== 0) {
    throw new Error(`key ${files.key} can be read by everybody on this machine: chmod o= ${files.key}`)
  }
  const ca = files.ca === null ? null : await read('ca', files.ca)
  const options: SecureContextOptions = { ...VERSIONS, cert, key, ...(ca === null ? {} : { ca }) }
  check(`certificate ${files.certificate}`, () => createSecureContext({ cert }))
  check(`key ${files.key}`, () => createSecureContext({ key }))
  check(`key ${files.key} and certificate ${files.certificate}`, () => createSecureContext(options))
  const digest = createHash('sha256')
  for (const text of [cert, key, ca ?? '']) digest.update(`${text.length} ${text}`)
  return { options, digest: digest.digest('hex') }
}

async function read(what: string, file: string): Promise<string> {
  const text = await readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${what} ${file} can't be read: ${fileErrorText(error, error.message)}`)
  })
  const wanted = what === 'key' ? 'PRIVATE KEY-----' : '-----BEGIN CERTIFICATE-----'
  if (!text.includes(wanted))
    throw new Error(`${what} ${file} holds no ${what === 'key' ? 'private key' : 'certificate'} in PEM`)
  return text
}

/** OpenSSL's reason states the fault (`key values mismatch`) and contains nothing of the content. */
function check(what: string, make: () => void): void {
  try {
    make()
  } catch (error) {
    const { reason, message } = error as { reason?: string; message: string }
    throw new Error(`${what}: ${reason ?? message}`)
  }
}

import { webcrypto, X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * A certificate authority for tests, made with @peculiar/x509. A package below it (tsyringe) keeps notes about classes
 * by four functions that Node does not have.
 */
const notes = new WeakMap<object, Map<unknown, unknown>>()
const notesOf = (target: object): Map<unknown, unknown> => {
  const known = notes.get(target) ?? new Map<unknown, unknown>()
  notes.set(target, known)
  return known
}
Object.assign(Reflect, {
  getMetadata: (name: unknown, target: object) => notesOf(target).get(name),
  getOwnMetadata: (name: unknown, target: object) => notesOf(target).get(name),
  hasOwnMetadata: (name: unknown, target: object) => notesOf(target).has(name),
  defineMetadata: (name: unknown, value: unknown, target: object) => void notesOf(target).set(name, value),
})
const { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } =
  await import('@peculiar/x509')

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const HOUR_MS = 3_600_000

/** PEM texts, as node:tls takes them. */
export type Issued = { readonly cert: string; readonly key: string; readonly fingerprint: string }

export type Authority = {
  /** Its own certificate. */
  readonly cert: string
  /** For the host `name`, which is `switch.test` unless said. */
  readonly issue: (subject: string, validFor?: number, name?: string) => Promise<Issued>
}

export async function authority(name: string): Promise<Authority> {
  const keys = await newKeys()
  const own = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01', name, keys, signingAlgorithm: ALGORITHM, notBefore: new Date(Date.now() - HOUR_MS),
      notAfter: new Date(Date.now() + HOUR_MS), extensions: [new BasicConstraintsExtension(true, 1, true)],
    }, // prettier-ignore
    webcrypto,
  )
  let serial = 1
  return {
    cert: own.toString('pem'),
    async issue(subject, validFor = HOUR_MS, name = 'switch.test') {
      const { privateKey, publicKey } = await newKeys()
      const certificate = await X509CertificateGenerator.create(
        {
          serialNumber: String(++serial).padStart(2, '0'), subject, issuer: own.subject, publicKey, signingKey: keys.privateKey,
          signingAlgorithm: ALGORITHM, notBefore: new Date(Date.now() - 2 * HOUR_MS), notAfter: new Date(Date.now() + validFor),
          extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
        }, // prettier-ignore
        webcrypto,
      )
      const cert = certificate.toString('pem')
      const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
      const fingerprint = new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase()
      return { cert, key, fingerprint }
    },
  }
}

const newKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair

/** A directory for PEM files, removed in the teardown of `t`. */
export async function pemDirectory(t: {
  readonly teardown: (handler: () => Promise<void>) => void
}): Promise<(name: string, text: string) => Promise<string>> {
  const directory = await mkdtemp(join(tmpdir(), 'akart-pem-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return async (name, text) => {
    const file = join(directory, name)
    await writeFile(file, text, { mode: 0o600 })
    return file
  }
}

import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setUpError } from '../config/set-up-error.ts'
import {
  type Binding,
  bindCertificate,
  demandSignOn,
  readBindings,
  unbindCertificate,
} from '../office/certificate-records.ts'
import { type CertificateNames, certificateNames } from '../switch/peer.ts'
import { onDatabase } from './on-database.ts'

export type { Binding }

// The column's width, in characters.
const LONGEST_SUBJECT = 255

/** How a certificate (PEM or DER) can be named. @throws a set-up error that names the file */
export async function namesIn(file: string): Promise<CertificateNames> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw setUpError(`${file} can't be read: ${error.code ?? error.message}`)
  })
  try {
    return certificateNames(new X509Certificate(bytes))
  } catch {
    throw setUpError(`${file} holds no certificate`)
  }
}

/** @throws a set-up error where there is no such terminal or store, or the subject is too long to be kept */
export async function bind(home: string, binding: Binding): Promise<void> {
  if (binding.name.length > LONGEST_SUBJECT) {
    throw setUpError(
      `the subject has ${binding.name.length} characters, at most ${LONGEST_SUBJECT}: bind the fingerprint`,
    )
  }
  const outcome = await onDatabase(home, (access) => bindCertificate(access, binding))
  if (outcome === 'unknown') throw setUpError(`there is no ${binding.what} ${binding.code}`)
}

/** @throws a set-up error where there is no such binding */
export async function unbind(home: string, binding: Binding): Promise<void> {
  const was = await onDatabase(home, (access) => unbindCertificate(access, binding))
  if (!was) throw setUpError(`${binding.what} ${binding.code} is not bound to ${binding.by} ${binding.name}`)
}

export const listBindings = (home: string): Promise<Binding[]> => onDatabase(home, readBindings)

/** @throws a set-up error where there is no such terminal */
export async function setSignOn(home: string, terminal: string, required: boolean): Promise<void> {
  const isThere = await onDatabase(home, (access) => demandSignOn(access, terminal, required))
  if (!isThere) throw setUpError(`there is no terminal ${terminal}`)
}

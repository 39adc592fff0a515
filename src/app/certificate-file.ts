import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { refused, type Refused } from '../office/refusal.ts'
import { type CertificateNames, certificateNames } from '../switch/peer.ts'
import { fileErrorText } from '../text/file-error.ts'

/** The names of the certificate in a file (PEM or DER): fingerprint and subject. */
export async function namesIn(file: string): Promise<CertificateNames | Refused> {
  const bytes = await readFile(file).catch((error: Error) => fileErrorText(error, error.message))
  if (typeof bytes === 'string') return refused('file_not_read', { file, why: bytes })
  try {
    return certificateNames(new X509Certificate(bytes))
  } catch {
    return refused('not_a_certificate', { file })
  }
}

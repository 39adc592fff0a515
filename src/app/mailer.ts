import { readFile } from 'node:fs/promises'
import type { MailConfig } from '../config/mail.ts'
import type { SendMail } from '../office/mail.ts'

/** A mail server that does not answer must not block the sender. */
const TIMEOUT_MS = 15_000

/** Null: no mail server is configured. The password is read when mail is sent, so that a new one needs no restart. */
export function createMailer(mail: MailConfig): SendMail | null {
  const { host, port, tls, user, passwordFile, from } = mail
  if (host === null || from === null) return null
  return async ({ to, subject, text }) => {
    const auth =
      user === null || passwordFile === null
        ? {}
        : { auth: { user, pass: (await readFile(passwordFile, 'utf8')).trim() } }
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({
      host,
      port,
      secure: tls === 'tls',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'off',
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...auth,
    })
    try {
      await transport.sendMail({ from, to, subject, text })
    } finally {
      transport.close()
    }
  }
}

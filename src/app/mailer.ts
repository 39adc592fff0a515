import { readFile } from 'node:fs/promises'
import type { Transporter } from 'nodemailer'
import type { MailConfig } from '../config/mail.ts'
import type { SendMail } from '../office/mail.ts'

/** A mail server that does not answer must not block the sender. */
const TIMEOUT_MS = 15_000

/** Null: no mail server is configured. The password is read when mail is sent, so that a new one needs no restart. */
export function createMailer(mail: MailConfig): SendMail | null {
  const { from } = mail
  const open = opener(mail)
  if (open === null || from === null) return null
  return async ({ to, subject, text, messageId, attachments = [] }) => {
    const transport = await open()
    try {
      const files = attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content }))
      const again = messageId === undefined ? {} : { messageId }
      await transport.sendMail({ from, to, subject, text, attachments: files, ...again })
    } finally {
      transport.close()
    }
  }
}

/** Checks that the mail server accepts a connection and our login; throws if not. */
export const reachMail = (mail: MailConfig) => async (): Promise<void> => {
  const transport = await opener(mail)?.()
  if (transport === undefined) throw new Error('no mail server is configured')
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

function opener({ host, port, tls, user, passwordFile }: MailConfig): (() => Promise<Transporter>) | null {
  if (host === null) return null
  return async () => {
    const auth =
      user === null || passwordFile === null
        ? {}
        : { auth: { user, pass: (await readFile(passwordFile, 'utf8')).trim() } }
    const { createTransport } = await import('nodemailer')
    return createTransport({
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
  }
}

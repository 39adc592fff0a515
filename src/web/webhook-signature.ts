import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Standard Webhooks 1.0.0: 24 to 64 random bytes, base64, behind this prefix. */
const PREFIX = 'whsec_'
const SECRET_BYTES = 32

export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

/**
 * The header `webhook-signature` of Standard Webhooks 1.0.0: for each secret `v1,` and the base64 of HMAC-SHA256 over
 * `id.timestamp.body` under the decoded secret, separated by spaces.
 *
 * @param timestamp seconds since 1970, as in `webhook-timestamp`
 */
export const signatureOf = (secrets: readonly string[], id: string, timestamp: number, body: string): string =>
  secrets.map((secret) => `v1,${macOf(secret, `${id}.${timestamp}.${body}`)}`).join(' ')

/** Whether one of the header's signatures is valid for the secret. */
export function isSigned(header: string, secret: string, id: string, timestamp: number, body: string): boolean {
  const wanted = Buffer.from(macOf(secret, `${id}.${timestamp}.${body}`))
  return header.split(' ').some((part) => {
    const given = Buffer.from(part.startsWith('v1,') ? part.slice(3) : '')
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}

const macOf = (secret: string, text: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(text)
    .digest('base64')

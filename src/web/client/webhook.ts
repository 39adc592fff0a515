import type { Event } from './types.ts'

/** Thrown for a webhook with a wrong signature or an old time stamp. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused'
}

/** The headers of a message, with names in small letters, as in Node and `fetch`. */
export type WebhookHeaders = {
  readonly 'webhook-id'?: string | undefined
  readonly 'webhook-timestamp'?: string | undefined
  readonly 'webhook-signature'?: string | undefined
}

/** Seconds by which the time of a message may differ from our clock, so that a replay of an old message is refused. */
const TOLERANCE_SECONDS = 300
const encoder = new TextEncoder()

/**
 * Checks the signature of a webhook (Standard Webhooks 1.0.0) and returns its event. An event may come twice: store its `id`.
 *
 * @param body the text as received, not parsed and serialised again
 * @throws WebhookRefused
 */
export async function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string,
  now: number = Date.now(),
): Promise<Event> {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    throw new WebhookRefused('a header of Standard Webhooks is missing')
  }
  if (!/^\d{1,12}$/u.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    throw new WebhookRefused('the timestamp is not of now')
  }
  const secretBytes = bytesOf(secret.replace(/^whsec_/u, ''))
  if (secretBytes === null) throw new WebhookRefused('the secret is not base64')
  const key = await crypto.subtle.importKey('raw', secretBytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  const signed = encoder.encode(`${id}.${timestamp}.${body}`)
  for (const signature of signatures.split(' ')) {
    const [version, given = ''] = signature.split(',')
    const mac = version === 'v1' ? bytesOf(given) : null
    if (mac !== null && (await crypto.subtle.verify('HMAC', key, mac, signed))) return JSON.parse(body) as Event
  }
  throw new WebhookRefused('no signature is by this secret')
}

/** The decoded signature; null: it is not base64. Other signatures in the header may still be valid. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

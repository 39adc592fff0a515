import { createHmac, timingSafeEqual } from 'node:crypto'

/** AkartWeb as the shop's server calls it: by hand, since the simulator holds nothing of Akart. */
export type Api = (method: string, path: string, body?: object, idempotencyKey?: string) => Promise<Answer>
export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

const REPEATS = 3

/** Where there is no answer the same request is sent again: under its key it is booked once. */
export const apiOf =
  (web: string, key: string): Api =>
  async (method, path, body, idempotencyKey) => {
    for (let tried = 0; ; tried++) {
      try {
        const answer = await fetch(`${web}/api/v1${path}`, {
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(35_000),
        })
        const text = await answer.text()
        return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] }
      } catch (error) {
        if (tried === REPEATS) throw error
      }
    }
  }

/** Standard Webhooks 1.0.0. */
export function isSigned(secret: string, headers: Readonly<Record<string, unknown>>, body: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64')
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const wanted = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  return String(headers['webhook-signature'])
    .split(' ')
    .map((part) => Buffer.from(part))
    .some((given) => given.length === wanted.length && timingSafeEqual(given, wanted))
}

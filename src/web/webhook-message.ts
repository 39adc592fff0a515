import type { Attempt, Destination, Message } from '../office/webhook-sending.ts'
import { type ConnectorParts, findTarget, post } from './webhook-connector.ts'
import { signatureOf } from './webhook-signature.ts'

/** Signs a message by Standard Webhooks 1.0.0 and posts it to the address to which its URL now resolves. */
export async function sendMessage(
  connector: ConnectorParts,
  { url, secrets }: Destination,
  { id, body }: Message,
  stop: AbortSignal,
): Promise<Pick<Attempt, 'status' | 'fault'>> {
  const target = await findTarget(connector, url)
  if ('fault' in target) return { status: null, fault: target.fault }
  // The time of this machine, not of the database, because the receiver compares it with its own clock.
  const timestamp = Math.floor(Date.now() / 1000)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Akart-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf(secrets, id, timestamp, body),
  }
  return post(target, headers, body, stop)
}

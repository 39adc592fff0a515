import type { Delivery } from '../jobs/store-and-forward.ts'
import type { QueuedMessage } from '../db/saf-queue.ts'
import type { Exchange } from '../upstreams/pending-answers.ts'
import type { Upstream } from '../upstreams/upstream.ts'

/** Sends one stored reversal or confirmation to a host, in the dialect of the host. */
export async function deliver(
  upstream: Upstream,
  message: QueuedMessage,
  stan: number,
  transmitted: number,
): Promise<Delivery> {
  const { kind, fixed } = upstream.settings
  const { row, routed, tries } = message
  const followUp = { kind: message.kind, repeat: tries > 0, stan, transmitted, original: { row, routed } }
  let exchange: Exchange
  try {
    // An answer that comes too late needs no attention: the next repeat gets the same answer.
    exchange = await upstream.exchange(kind.followUp(followUp, fixed), () => {})
  } catch (error) {
    // The host's profile cannot carry this message, so another try would not help.
    return { delivery: 'refused', why: error instanceof Error ? error.message : String(error) }
  }
  if (!exchange.sent) return { delivery: 'failed', why: exchange.why }
  if (exchange.answer !== null) {
    const outcome = kind.acknowledges(exchange.answer, message.kind)
    if (outcome.acknowledged) return { delivery: 'acknowledged' }
    return { delivery: outcome.final ? 'disputed' : 'refused', why: outcome.why }
  }
  // A host that answers an echo but not this message will not answer it at the next try either.
  const lives = await upstream.echo()
  return { delivery: lives ? 'refused' : 'failed', why: exchange.why }
}

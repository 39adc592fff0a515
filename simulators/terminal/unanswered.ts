import type { Profile } from '../../src/iso8583/profile.ts'
import { frameOf } from './framing.ts'
import type { Reply } from './line.ts'
import type { Peer } from './peer.ts'
import { suggestions } from './suggest.ts'

/** The causes suggested by the first bytes of a line if a message got no answer. */
export const whyUnanswered = (
  { address, framing, tls, wire }: Peer,
  body: Buffer,
  { kind, came }: Exclude<Reply, { kind: 'answer' }>,
  profiles: readonly Profile[],
): string[] =>
  suggestions(
    { address, framing, tls: tls !== null, profile: wire.profile, kind, sent: frameOf(framing, body), came },
    profiles,
  )

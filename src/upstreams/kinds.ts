import type { UPSTREAM_OPERATIONS, UpstreamKindName } from '../config/upstream-kinds.ts'
import { bankCard } from './bank-card.ts'
import type { UpstreamKind } from './kind.ts'
import { partnerGift } from './partner-gift.ts'

/** A kind serves exactly the operations that the configuration lists for it. */
type Serving<Name extends UpstreamKindName> = UpstreamKind & {
  readonly operations: Readonly<Record<(typeof UPSTREAM_OPERATIONS)[Name][number], string | null>>
}

/** Every kind of upstream host. To add one: its file, its name in config/upstream-kinds.ts, and a line here. */
export const UPSTREAM_KINDS: { readonly [Name in UpstreamKindName]: Serving<Name> } = {
  'partner-gift': partnerGift,
  'bank-card': bankCard,
}

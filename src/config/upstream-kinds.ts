/**
 * The kinds of upstream hosts and what each serves, so that a route can be checked where it is written; src/upstreams has
 * the kinds themselves, and the compiler holds the two against each other.
 */
export const UPSTREAM_OPERATIONS = {
  'partner-gift': ['payment', 'sale', 'top_up', 'refund', 'cash_out', 'balance'],
  'bank-card': ['payment', 'refund', 'balance'],
} as const satisfies Record<string, readonly string[]>

export type UpstreamKindName = keyof typeof UPSTREAM_OPERATIONS
export const UPSTREAM_KIND_NAMES = Object.keys(UPSTREAM_OPERATIONS) as readonly UpstreamKindName[]

/** The operations that a route may name: all that any kind of upstream serves. */
export const ROUTED_OPERATIONS = ['payment', 'sale', 'top_up', 'refund', 'cash_out', 'balance'] as const
export type RoutedOperation = (typeof ROUTED_OPERATIONS)[number]

export const ENTRY_MODES = ['stripe', 'keyed', 'barcode', 'ecommerce'] as const

/** The destinations of routes other than configured upstreams. */
export const ENGINE = 'engine'

/* Made of the OpenAPI document by test/web/client-types.ts: change the API, not this file. */

export type NumberAndEcode = {
  /** the card number; blanks and hyphens may be in it */
  readonly number: string
  /** the eCode; case, blanks and hyphens do not matter */
  readonly ecode: string
}

export type IssueName = {
  readonly code: string
  readonly name: string
}

export type Balance = {
  readonly ledger: number
  readonly available: number
  readonly currency: string
}

export type Card = {
  readonly last4: string
  readonly issue: IssueName
  readonly state: 'active' | 'blocked' | 'expired'
  readonly balance: Balance
  readonly validUntil: string | null
  readonly topUp: {
    readonly minimum: number
    readonly maximum: number
    readonly step: number
  } | null
}

export type CardToken = {
  readonly token: string
  readonly expiresAt: string
  readonly card: Card
}

export type CardReference =
  | NumberAndEcode
  | {
      /** from POST /card-tokens */
      readonly token: string
    }

export type HistoryEntry = {
  readonly at: string
  /** an operation, or undo */
  readonly kind: string
  /** minor units; minus: taken from the card */
  readonly value: number
  readonly currency: string
  readonly ledgerAfter: number
  readonly where: string | null
}

export type Money = {
  /** minor units of the currency */
  readonly value: number
  /** ISO 4217 */
  readonly currency: string
}

export type Sum = {
  /** minor units */
  readonly value: number
  /** ISO 4217 */
  readonly currency: string
}

export type CardName = {
  readonly last4: string
  readonly issue: IssueName
}

export type Payment = {
  readonly id: string
  readonly status: 'unconfirmed' | 'confirmed' | 'cancelled' | 'reversed'
  readonly amount: Sum
  readonly amountAsked: Sum
  readonly refunded: Sum
  readonly orderId: string | null
  readonly card: CardName
  readonly balance: Balance | null
  readonly approvalCode: string
  readonly reference: string
  readonly createdAt: string
  readonly confirmBy: string | null
}

export type Refund = {
  readonly id: string
  readonly payment: string
  readonly status: 'confirmed'
  readonly amount: Sum
  readonly orderId: string | null
  readonly reference: string
  readonly createdAt: string
}

export type TopUp = {
  readonly id: string
  readonly status: 'unconfirmed' | 'confirmed' | 'cancelled' | 'reversed'
  readonly amount: Sum
  readonly orderId: string | null
  readonly card: CardName
  readonly balance: Balance | null
  readonly approvalCode: string
  readonly reference: string
  readonly createdAt: string
  readonly confirmBy: string | null
}

export type SoldCard = {
  readonly number: string
  readonly ecode: string
  readonly barcode: string
  readonly last4: string
  readonly issue: IssueName
}

export type Sale = {
  readonly id: string
  readonly status: 'unconfirmed' | 'confirmed' | 'cancelled' | 'reversed'
  readonly amount: Sum
  readonly orderId: string | null
  readonly card: SoldCard | CardName
  readonly balance: Balance | null
  readonly approvalCode: string
  readonly reference: string
  readonly createdAt: string
  readonly confirmBy: string | null
}

export type WebhookEndpointWithSecret = {
  readonly id: string
  readonly url: string
  /** types of events; empty: all */
  readonly events: readonly (
    | 'payment.created'
    | 'payment.confirmed'
    | 'payment.cancelled'
    | 'payment.reversed'
    | 'payment.refunded'
    | 'top_up.created'
    | 'top_up.confirmed'
    | 'top_up.cancelled'
    | 'top_up.reversed'
    | 'sale.created'
    | 'sale.confirmed'
    | 'sale.cancelled'
    | 'sale.reversed'
    | 'card.blocked'
    | 'card.unblocked'
    | 'card.expired'
  )[]
  readonly state: 'active' | 'failing' | 'disabled'
  /** whsec_…: shown here, never again */
  readonly secret: string
}

export type WebhookEndpoint = {
  readonly id: string
  readonly url: string
  /** types of events; empty: all */
  readonly events: readonly (
    | 'payment.created'
    | 'payment.confirmed'
    | 'payment.cancelled'
    | 'payment.reversed'
    | 'payment.refunded'
    | 'top_up.created'
    | 'top_up.confirmed'
    | 'top_up.cancelled'
    | 'top_up.reversed'
    | 'sale.created'
    | 'sale.confirmed'
    | 'sale.cancelled'
    | 'sale.reversed'
    | 'card.blocked'
    | 'card.unblocked'
    | 'card.expired'
  )[]
  readonly state: 'active' | 'failing' | 'disabled'
}

export type Event = {
  readonly id: string
  readonly type:
    | 'payment.created'
    | 'payment.confirmed'
    | 'payment.cancelled'
    | 'payment.reversed'
    | 'payment.refunded'
    | 'top_up.created'
    | 'top_up.confirmed'
    | 'top_up.cancelled'
    | 'top_up.reversed'
    | 'sale.created'
    | 'sale.confirmed'
    | 'sale.cancelled'
    | 'sale.reversed'
    | 'card.blocked'
    | 'card.unblocked'
    | 'card.expired'
    | 'endpoint.test'
  readonly timestamp: string
  /** rises for each card */
  readonly sequence: number
  /** the payment, top-up or sale as its GET shows it, or the card without its balance */
  readonly data: unknown
}

export type Delivery = {
  readonly event: string
  readonly type: string
  readonly state: 'waiting' | 'delivered' | 'dropped'
  readonly tries: number
  readonly triedAt: string | null
  readonly status: number | null
  readonly fault: string | null
  readonly nextTryAt: string | null
}

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code:
    | 'invalid_request'
    | 'idempotency_key_missing'
    | 'unauthorised'
    | 'scope_missing'
    | 'secret_key_in_browser'
    | 'card_not_recognised'
    | 'insufficient_funds'
    | 'card_blocked'
    | 'card_expired'
    | 'not_permitted'
    | 'amount_invalid'
    | 'limit_exceeded'
    | 'not_yet_online'
    | 'not_found'
    | 'method_not_allowed'
    | 'too_slow'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'misdirected'
    | 'reversed'
    | 'already_undone'
    | 'too_late'
    | 'spent'
    | 'refund_exceeds_payment'
    | 'not_confirmed'
    | 'in_progress'
    | 'sold_out'
    | 'idempotency_key_reused'
    | 'too_many_requests'
    | 'internal_error'
    | 'overloaded'
    | 'unavailable'
    | 'outcome_unknown'
    | 'host_silent'
  readonly requestId: string
  /** DE 39 of ISO 8583 */
  readonly responseCode?: string
  /** DE 44 of ISO 8583 */
  readonly reason?: string
  /** JSON pointer to the wrong or missing member */
  readonly pointer?: string
}

/** What each endpoint takes and answers; null: nothing. */
export type Operations = {
  'POST /card-tokens': {
    readonly body: {
      readonly card: NumberAndEcode
    }
    readonly answer: CardToken
  }
  'POST /balance': {
    readonly body: {
      readonly card: CardReference
    }
    readonly answer: Card
  }
  'POST /history': {
    readonly body: {
      readonly card: CardReference
      /** entries of a page */
      readonly limit?: number
      /** next of the page before */
      readonly cursor?: string
    }
    readonly answer: {
      readonly items: readonly HistoryEntry[]
      readonly next: string | null
    }
  }
  'POST /payments': {
    readonly body: {
      readonly card: CardReference
      readonly amount: Money
      /** true: final at once */
      readonly confirm?: boolean
      /** yours, 1 to 64 printable ASCII characters; no card number */
      readonly orderId?: string
      /** seconds within which it must be confirmed, or Akart takes it back; else the setting of your shop */
      readonly confirmWithin?: number
      /** true: less may be taken */
      readonly partial?: boolean
    }
    readonly answer: Payment
  }
  'GET /payments': {
    readonly body: null
    readonly answer: {
      readonly items: readonly Payment[]
      readonly next: string | null
    }
  }
  'GET /payments/{id}': { readonly body: null; readonly answer: Payment }
  'POST /payments/{id}/confirm': {
    readonly body: {
      readonly amount?: Money
    }
    readonly answer: Payment
  }
  'POST /payments/{id}/cancel': { readonly body: Readonly<Record<string, never>>; readonly answer: Payment }
  'POST /payments/{id}/refunds': {
    readonly body: {
      readonly amount: Money
      /** yours, 1 to 64 printable ASCII characters; no card number */
      readonly orderId?: string
    }
    readonly answer: Refund
  }
  'POST /top-ups': {
    readonly body: {
      readonly card: CardReference
      readonly amount: Money
      /** true: final at once */
      readonly confirm?: boolean
      /** yours, 1 to 64 printable ASCII characters; no card number */
      readonly orderId?: string
      /** seconds within which it must be confirmed, or Akart takes it back; else the setting of your shop */
      readonly confirmWithin?: number
    }
    readonly answer: TopUp
  }
  'GET /top-ups': {
    readonly body: null
    readonly answer: {
      readonly items: readonly TopUp[]
      readonly next: string | null
    }
  }
  'GET /top-ups/{id}': { readonly body: null; readonly answer: TopUp }
  'POST /top-ups/{id}/confirm': { readonly body: Readonly<Record<string, never>>; readonly answer: TopUp }
  'POST /top-ups/{id}/cancel': { readonly body: Readonly<Record<string, never>>; readonly answer: TopUp }
  'POST /sales': {
    readonly body: {
      /** code of a virtual issue */
      readonly issue: string
      readonly amount?: Money
      /** yours, 1 to 64 printable ASCII characters; no card number */
      readonly orderId?: string
      /** seconds within which it must be confirmed, or Akart takes it back; else the setting of your shop */
      readonly confirmWithin?: number
    }
    readonly answer: Sale
  }
  'GET /sales': {
    readonly body: null
    readonly answer: {
      readonly items: readonly TopUp[]
      readonly next: string | null
    }
  }
  'GET /sales/{id}': { readonly body: null; readonly answer: TopUp }
  'POST /sales/{id}/confirm': { readonly body: Readonly<Record<string, never>>; readonly answer: TopUp }
  'POST /sales/{id}/cancel': { readonly body: Readonly<Record<string, never>>; readonly answer: TopUp }
  'GET /requests/{idempotencyKey}': {
    readonly body: null
    readonly answer: {
      readonly method: string
      readonly path: string
      readonly status: number
      readonly body: unknown
      readonly at: string
    }
  }
  'POST /reversals': {
    readonly body: {
      readonly idempotencyKey: string
    }
    readonly answer: {
      readonly result: 'reversed' | 'nothing_to_reverse' | 'case'
    }
  }
  'POST /webhook-endpoints': {
    readonly body: {
      /** https, of a public address; in a demo also http and https of this machine */
      readonly url: string
      /** types of events; empty: all */
      readonly events?: readonly (
        | 'payment.created'
        | 'payment.confirmed'
        | 'payment.cancelled'
        | 'payment.reversed'
        | 'payment.refunded'
        | 'top_up.created'
        | 'top_up.confirmed'
        | 'top_up.cancelled'
        | 'top_up.reversed'
        | 'sale.created'
        | 'sale.confirmed'
        | 'sale.cancelled'
        | 'sale.reversed'
        | 'card.blocked'
        | 'card.unblocked'
        | 'card.expired'
      )[]
    }
    readonly answer: WebhookEndpointWithSecret
  }
  'GET /webhook-endpoints': {
    readonly body: null
    readonly answer: {
      readonly items: readonly WebhookEndpoint[]
      readonly next: string | null
    }
  }
  'GET /webhook-endpoints/{id}': { readonly body: null; readonly answer: WebhookEndpoint }
  'PATCH /webhook-endpoints/{id}': {
    readonly body: {
      /** https, of a public address; in a demo also http and https of this machine */
      readonly url?: string
      /** types of events; empty: all */
      readonly events?: readonly (
        | 'payment.created'
        | 'payment.confirmed'
        | 'payment.cancelled'
        | 'payment.reversed'
        | 'payment.refunded'
        | 'top_up.created'
        | 'top_up.confirmed'
        | 'top_up.cancelled'
        | 'top_up.reversed'
        | 'sale.created'
        | 'sale.confirmed'
        | 'sale.cancelled'
        | 'sale.reversed'
        | 'card.blocked'
        | 'card.unblocked'
        | 'card.expired'
      )[]
      /** disabled: nothing is sent */
      readonly state?: 'active' | 'disabled'
    }
    readonly answer: WebhookEndpoint
  }
  'DELETE /webhook-endpoints/{id}': { readonly body: null; readonly answer: null }
  'POST /webhook-endpoints/{id}/rotate': {
    readonly body: Readonly<Record<string, never>>
    readonly answer: WebhookEndpointWithSecret
  }
  'POST /webhook-endpoints/{id}/test': { readonly body: Readonly<Record<string, never>>; readonly answer: Event }
  'GET /webhook-endpoints/{id}/deliveries': {
    readonly body: null
    readonly answer: {
      readonly items: readonly Delivery[]
      readonly next: string | null
    }
  }
  'GET /events': {
    readonly body: null
    readonly answer: {
      readonly items: readonly Event[]
      readonly next: string | null
    }
  }
  'POST /events/{id}/resend': { readonly body: Readonly<Record<string, never>>; readonly answer: Event }
}

import { CARD_ENDPOINTS } from './cards.ts'
import type { Endpoint } from './endpoint.ts'
import { PAYMENT_ENDPOINTS, TOP_UP_ENDPOINTS } from './payments.ts'
import { REQUEST_ENDPOINTS } from './requests.ts'
import { SALE_ENDPOINTS } from './sales.ts'
import { WEBHOOK_ENDPOINTS } from './webhooks.ts'

/** Below `/api/v1`: every endpoint of the API. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...CARD_ENDPOINTS,
  ...PAYMENT_ENDPOINTS,
  ...TOP_UP_ENDPOINTS,
  ...SALE_ENDPOINTS,
  ...REQUEST_ENDPOINTS,
  ...WEBHOOK_ENDPOINTS,
]

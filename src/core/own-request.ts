import type { ToAttach } from './attached.ts'
import type { Requester } from './channel.ts'
import type { Amount } from './money.ts'
import type { Ask, Request } from './request.ts'
import { type Key, KIND } from './key.ts'

/** Fields of a request that no terminal sent. */
export type OwnRequest = {
  readonly id: number
  readonly spareId: number
  readonly key: Key
  /** The author: a job, a person, or the maker of the demo data; also the `line` of its row. */
  readonly by: 'timer' | 'unanswered' | 'office' | 'staged' | 'demo'
  readonly requester: Requester
  readonly at: number
  /** YYYY-MM-DD: the calendar's and the business day. */
  readonly day: string
  /** Of the transaction that it is about, where it is about one. */
  readonly processingCode: string
  readonly amount: Amount | null
  readonly currency: number | null
  readonly trace: string
  readonly ask: Ask
  readonly attached?: readonly ToAttach[]
}

// A repeat cannot differ in content, because there is no message.
const NO_CONTENT = '0'.repeat(32)

/** Requests of people and jobs: no confirmation is needed, and no 0400 can cancel them. */
export const ownRequest = ({
  id,
  spareId,
  key,
  by,
  requester,
  at,
  day,
  processingCode,
  amount,
  currency,
  trace,
  ask,
  attached = [],
}: OwnRequest): Request => ({
  id,
  spareId,
  key,
  content: NO_CONTENT,
  requester,
  source: by,
  at,
  today: day,
  businessDate: day,
  confirmation: 'none',
  confirmTimeoutMs: 0,
  lateConfirmWindowMs: 0,
  cancelWindowMs: null,
  labels: {
    processingCode,
    localTime: '',
    rrn: '',
    approvalCode: '',
    entryMode: '',
    amount,
    currency,
    echo: null,
    line: by,
    trace,
  },
  ask,
  attached,
})

/** Locks a card, so that the loads that are booked for it are applied. It leaves no row of its own. */
export const applyStagedRequest = (id: number, cardId: number, at: number): Request =>
  ownRequest({
    id,
    spareId: id,
    key: { store: 'AKART', terminal: 'SWEEP', kind: KIND.office, stan: 0, transmitted: id },
    by: 'staged',
    requester: { channel: 'job', who: 'staged-loads' },
    at,
    day: new Date(at).toISOString().slice(0, 10),
    processingCode: '',
    amount: null,
    currency: null,
    trace: `staged-${cardId}`,
    ask: { act: 'apply_staged', cardId },
  })

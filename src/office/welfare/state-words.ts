import type { BatchState } from '../../db/sql/welfare-batches.ts'
import type { RecallState } from '../../db/sql/welfare-recalls.ts'
import type { Words } from '../refusal.ts'

/** A batch's state within a sentence; the English words are those of the command line. */
const BATCH_STATE_PL = {
  reading: 'wczytywana',
  checked: 'sprawdzona',
  proposed: 'zaproponowana',
  approved: 'zatwierdzona',
  booked: 'zaksięgowana',
  refused: 'odrzucona',
  withdrawn: 'wycofana',
  failed: 'niezaksięgowana',
} as const satisfies Record<BatchState, string>

const RECALL_STATE_PL = {
  proposed: 'zaproponowane',
  approved: 'zatwierdzone',
  booked: 'zaksięgowane',
  refused: 'odrzucone',
} as const satisfies Record<RecallState, string>

/** One of these states. */
export const batchStates = (states: readonly BatchState[]): Words => ({
  en: states.join(' or '),
  pl: states.map((state) => BATCH_STATE_PL[state]).join(' lub '),
})

export const recallState = (state: RecallState): Words => ({ en: state, pl: RECALL_STATE_PL[state] })

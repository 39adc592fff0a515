import { KIND } from '../core/key.ts'
import type { MessageKind } from './kinds.ts'
import { distanceOf } from './transmission-time.ts'

/**
 * The permitted distance of DE 7 from the host's clock, ms; a recorded message may be a day old. Settling messages and
 * advices get more, because tills may have been off line.
 */
export type TransmissionWindow = { readonly usual: number; readonly settling: number }

const DAY_MS = 86_400_000
export const TRANSMISSION_WINDOW: TransmissionWindow = { usual: 30 * DAY_MS, settling: 90 * DAY_MS }

const SETTLING: ReadonlySet<number> = new Set([KIND.advice, KIND.confirmation, KIND.reversal])

export const isInWindow = (
  { kind }: MessageKind,
  transmitted: number,
  now: number,
  window: TransmissionWindow,
): boolean => distanceOf(transmitted, now) <= (SETTLING.has(kind) ? window.settling : window.usual)

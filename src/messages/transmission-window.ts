import { KIND } from '../core/key.ts'
import type { MessageKind } from './kinds.ts'
import { distanceOf } from './transmission-time.ts'

/**
 * How far DE 7 may be from the host's clock, ms: a recorded message has its day. What settles, and what reports, is for
 * tills that were off line.
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

import { useSyncExternalStore } from 'react'
import type { Tone } from './Status.tsx'

/** One line at the foot of the page: the result of an act. Read out by screen readers. */
export type Announcement = {
  readonly tone: Exclude<Tone, 'plain'>
  readonly text: string
  readonly to?: string
  readonly link?: string
}

let current: Announcement | null = null
const listeners = new Set<() => void>()

export function announce(tone: Announcement['tone'] | null, text: string, link?: { to: string; text: string }): void {
  current = tone === null ? null : { tone, text, ...(link !== undefined && { to: link.to, link: link.text }) }
  for (const listener of listeners) listener()
}

/** Removes a message that no longer applies, unless another message has replaced it. */
export function unannounce(text: string): void {
  if (current?.text === text) announce(null, '')
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useAnnouncement = (): Announcement | null => useSyncExternalStore(subscribe, () => current)

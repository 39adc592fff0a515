import { lowerThreadPriority } from '../../engine/thread-priority.ts'

/** The thread behind `apart.ts`. To load what it works with takes a third of a second of processor: at the lower priority too. */
lowerThreadPriority()
await import('./check-in-thread.ts')

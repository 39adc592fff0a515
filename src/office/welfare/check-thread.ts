import { lowerThreadPriority } from '../../engine/thread-priority.ts'

/** The entry of the thread of `apart.ts`. It lowers its priority first, because loading the modules takes a third of a second of processor time. */
lowerThreadPriority()
await import('./check-in-thread.ts')

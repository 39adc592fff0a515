import { SetUpError } from '../set-up-error.ts'
import { openLine } from './line.ts'
import type { Peer } from './peer.ts'

/** Checks that a server listens there, before anything is begun. Throws a SetUpError with a remedy. */
export async function reach(peer: Peer): Promise<void> {
  const opened = await openLine(peer)
  if (!opened.ok) throw new SetUpError(opened.reason)
  await opened.line.close('close')
}

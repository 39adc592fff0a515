import { SetUpError } from '../set-up-error.ts'
import { openLine } from './line.ts'
import type { Peer } from './peer.ts'

/** Looks whether anybody listens there, before anything is begun. Throws a SetUpError that says what to do. */
export async function reach(peer: Peer): Promise<void> {
  const opened = await openLine(peer)
  if (!opened.ok) throw new SetUpError(opened.reason)
  await opened.line.close('close')
}

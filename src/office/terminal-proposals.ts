import type { ProposalRow } from '../db/sql/proposals.ts'
import type { Actor } from './actor.ts'
import { doorChanged, type DoorWish, terminalSubject } from './certificates.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose } from './proposals.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { wantsSecond } from './shop-approvals.ts'
import { type ChangedTerminal, findTerminal, type TerminalChange, terminalChanged } from './terminals.ts'

/** Done, or waiting for a second person under this number. */
export type AskedChange = { readonly done: ChangedTerminal | null; readonly proposal: number | null }

export type TerminalWish = { readonly terminal: string; readonly change: TerminalChange; readonly reason: string }

/** What serves a terminal that was not served, or asks less of it, is for two people to want. */
const relaxes = ({ state, unauthenticated }: TerminalChange, before: { state: string; unauthenticated: boolean }) =>
  (state === 'active' && before.state !== 'active') || (unauthenticated === true && !before.unauthenticated)

/** Changes a terminal, or proposes it where it would be served with less than before. A demo does it at once. */
export async function changeTerminalAsked(
  office: Office,
  actor: Actor,
  { terminal, change, reason }: TerminalWish,
): Promise<AskedChange | Refused> {
  const no = mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  const found = await findTerminal(office, actor, { terminal })
  if (isRefused(found)) return found
  return inTransaction(office, async (connection): Promise<AskedChange | Refused> => {
    const asksOne = office.demo || !relaxes(change, found.terminal)
    // The command line acts alone until there is an accountant, with an alert; AkartMenu never.
    if (asksOne || (actor.channel === 'cli' && !(await wantsSecond(connection, office, 'terminal_alone', terminal)))) {
      const done = await terminalChanged(connection, office, actor, { terminal, change })
      return isRefused(done) ? done : { done, proposal: null }
    }
    const { store } = found.terminal
    const wish = { terminal, change: { ...change } }
    const details = { terminal, ...change }
    const row = { kind: 'terminal', subject: terminalSubject(terminal), wish, reason, details, store } as const
    const proposal = await propose(connection, office, actor, row)
    return isRefused(proposal) ? proposal : { done: null, proposal }
  })
}

export const openTerminalProposals = (office: Pick<Office, 'db'>): Promise<ProposalRow[]> =>
  openProposals(office, 'terminal')

/** Settings of a terminal, or who may speak for it or for a store. */
export type Proposed = Pick<TerminalWish, 'terminal' | 'change'> | DoorWish
export const isDoorWish = (proposed: Proposed): proposed is DoorWish => 'door' in proposed
export const proposedChange = ({ wish }: ProposalRow): Proposed => JSON.parse(wish) as Proposed

/** The second person's word: from here on the terminal is as was asked. */
export const decideTerminal = (
  office: Office,
  actor: Actor,
  wish: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'terminal', ...wish }, async (connection, proposal) => {
    if (!wish.approve) return null
    const proposed = proposedChange(proposal)
    if (isDoorWish(proposed)) return doorChanged(connection, office, actor, proposed)
    const changed = await terminalChanged(connection, office, actor, proposed)
    return isRefused(changed) ? changed : null
  })

import type { ProposalRow } from '../db/sql/proposals.ts'
import type { Actor } from './actor.ts'
import { doorChanged, type DoorInput, terminalSubject } from './certificates.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose } from './proposals.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { wantsSecond } from './shop-approvals.ts'
import { type ChangedTerminal, findTerminal, type TerminalChange, terminalChanged } from './terminals.ts'

/** Done, or waiting for a second person under this number. */
export type AskedChange = { readonly done: ChangedTerminal | null; readonly proposal: number | null }

export type TerminalInput = { readonly terminal: string; readonly change: TerminalChange; readonly reason: string }

/** A change that makes a terminal served, or weakens its authentication, needs two people. */
const relaxes = ({ state, unauthenticated }: TerminalChange, before: { state: string; unauthenticated: boolean }) =>
  (state === 'active' && before.state !== 'active') || (unauthenticated === true && !before.unauthenticated)

/** Changes a terminal, or proposes it where it would be served with less than before. A demo does it at once. */
export async function changeTerminalAsked(
  office: Office,
  actor: Actor,
  { terminal, change, reason }: TerminalInput,
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
    const input = { terminal, change: { ...change } }
    const details = { terminal, ...change }
    const row = { kind: 'terminal', subject: terminalSubject(terminal), input, reason, details, store } as const
    const proposal = await propose(connection, office, actor, row)
    return isRefused(proposal) ? proposal : { done: null, proposal }
  })
}

export const openTerminalProposals = (office: Pick<Office, 'db'>): Promise<ProposalRow[]> =>
  openProposals(office, 'terminal')

/** A change of a terminal's settings, or of the authentication of a terminal or store. */
export type Proposed = Pick<TerminalInput, 'terminal' | 'change'> | DoorInput
export const isDoorInput = (proposed: Proposed): proposed is DoorInput => 'door' in proposed
export const proposedChange = ({ input }: ProposalRow): Proposed => JSON.parse(input) as Proposed

/** The second person's word: from here on the terminal is as was asked. */
export const decideTerminal = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'terminal', ...input }, async (connection, proposal) => {
    if (!input.approve) return null
    const proposed = proposedChange(proposal)
    if (isDoorInput(proposed)) return doorChanged(connection, office, actor, proposed)
    const changed = await terminalChanged(connection, office, actor, proposed)
    return isRefused(changed) ? changed : null
  })

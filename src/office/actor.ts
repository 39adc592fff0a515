import type { Channel } from '../core/channel.ts'
import type { Reach, Right } from './rights-table.ts'

/** Which stores somebody may act for: all of them, or those of these codes. */
export type StoreScope = 'all' | ReadonlySet<string>

/** Who asks for a use case. Two actors are the same person when their logins are the same, whatever the channel. */
export type Actor = {
  /** The person's login, of at most 40 ASCII characters; a job's name for a job. */
  readonly login: string
  /** As people call them, for texts. */
  readonly name: string
  readonly rights: ReadonlyMap<Right, Reach>
  readonly stores: StoreScope
  readonly channel: Channel
  /**
   * Cards that were presented whole in this session, and whether with their secret (stripe, eCode). Who may only act for own
   * stores sees no others.
   */
  readonly presented?: ReadonlyMap<number, boolean>
  /** There is nobody else yet: an installation without users, or a demo. What elsewhere asks for a second person is done at once. */
  readonly nobodyElse?: true
}

/** Four eyes compare persons: nobody approves their own request, not through another channel either. */
export const isSamePerson = (actor: Actor, login: string): boolean => actor.login === login

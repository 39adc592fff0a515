import type { Channel } from '../core/channel.ts'
import type { Reach, Right } from './rights-table.ts'

/** The stores that a person may act for: all, or those of these codes. */
export type StoreScope = 'all' | ReadonlySet<string>

/**
 * The person or program that calls a use case. Two actors are the same person if their logins are equal, whatever the
 * channel.
 */
export type Actor = {
  /** The person's login, of at most 40 ASCII characters; a job's name for a job. */
  readonly login: string
  /** The person's name, for texts. */
  readonly name: string
  readonly rights: ReadonlyMap<Right, Reach>
  readonly stores: StoreScope
  readonly channel: Channel
  /**
   * Cards whose full number or secret was presented in this session; true: with the secret (stripe, eCode). An actor
   * limited to own stores sees only these cards.
   */
  readonly presented?: ReadonlyMap<number, boolean>
  /**
   * There is no second person: an installation without users, or a demo. Acts that normally need approval are done at
   * once.
   */
  readonly nobodyElse?: true
}

/** Four eyes compares persons: nobody approves their own request, not through another channel either. */
export const isSamePerson = (actor: Actor, login: string): boolean => actor.login === login

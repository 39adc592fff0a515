import { isByNumberAlone } from './by-number.ts'
import { isOffice } from './channel.ts'
import { isLockedOut } from './lookups.ts'
import type { Presented, Request } from './request.ts'
import type { State } from './state.ts'

/**
 * Has this source (a terminal, an address) named too many numbers that are no card's? The engine counts. The web has budgets
 * of its own at its door, and a shop is never a wrong source.
 */
export const isEnumerating = (state: State, { requester, source }: Request): boolean =>
  !isOffice(requester) && requester.channel !== 'web' && state.enumerating.has(source)

/**
 * 75, not kept: a source that is locked after guessing gets the same answer for every number alone, so that no answer shows
 * whether a card exists. A stripe or an eCode cannot be guessed; wrong ones have a lock of their own (`tries.ts`).
 */
export const isThrottled = (state: State, request: Request, presented: Presented): boolean =>
  isByNumberAlone(request, presented) &&
  (isEnumerating(state, request) || isLockedOut(state.lookups.get(request.source), request.at))

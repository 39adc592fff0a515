import type { CardView } from '../db/sql/card-views.ts'
import type { Actor } from './actor.ts'
import { type CardChange, changeCard, RIGHTS_OF } from './card-changes.ts'
import { cardFor, cardNamed } from './card-finding.ts'
import { type CardRef, readCardName } from './card-name.ts'
import { duplicateCard, extendCard, unblockCard } from './cards.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/** A command's request for one card. */
export type NamedChange = { readonly card: CardRef; readonly reason: string } & (
  | { readonly act: 'unblock' }
  | { readonly act: 'extend'; readonly until: string }
  | { readonly act: 'duplicate'; readonly onto: CardRef }
)

/** The card as it is then, a duplicate's new one; `waits`: the number of the proposal that a second person decides. */
export type Changed = { readonly card: CardView; readonly waits: number | null }

/** Done at once while there is no second person; afterwards by the rules of AkartMenu. */
export async function changeNamedCard(office: Office, actor: Actor, input: NamedChange): Promise<Changed | Refused> {
  if (actor.nobodyElse === true) {
    const card = await changeAtOnce(office, actor, input)
    return isRefused(card) ? card : { card, waits: null }
  }
  const card = await cardFor(office, actor, RIGHTS_OF[input.act], input.card)
  if (isRefused(card)) return card
  // The cards of a pack that was killed are blocked by their pack.
  if (input.act === 'unblock' && card.block === null && card.packState !== 'killed') {
    return refused('card_is_not_blocked', { card: card.shown })
  }
  const onto = input.act === 'duplicate' ? await cardOf(office, input.onto) : card
  if (isRefused(onto)) return onto
  const done = await changeCard(office, actor, { id: card.id, reason: input.reason, change: changeOf(input, onto) })
  if (isRefused(done)) return done
  const now = await cardNamed(office, { by: 'id', id: onto.id })
  return isRefused(now) ? now : { card: now, waits: done.waits }
}

function changeAtOnce(office: Office, actor: Actor, input: NamedChange): Promise<CardView | Refused> {
  switch (input.act) {
    case 'unblock':
      return unblockCard(office, actor, input)
    case 'extend':
      return extendCard(office, actor, input)
    case 'duplicate':
      return duplicateCard(office, actor, input)
  }
}

async function cardOf(office: Office, ref: CardRef): Promise<CardView | Refused> {
  const name = readCardName(office.keys, ref)
  return isRefused(name) ? name : cardNamed(office, name)
}

function changeOf(input: NamedChange, { numberHash, numberKey, shown }: CardView): CardChange {
  switch (input.act) {
    case 'unblock':
      return { act: 'unblock' }
    case 'extend':
      return { act: 'extend', until: input.until }
    case 'duplicate':
      return { act: 'duplicate', onto: { numberHash, otherHash: null, newestKey: numberKey }, shown }
  }
}

import { coverOf, serialsText } from '../cards/serials.ts'
import { selectMatchingSerials } from '../db/sql/bulks.ts'
import type { Actor } from './actor.ts'
import { withinReach, type CardCriteria } from './card-lists.ts'
import type { Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** The CHECK packs_cards. */
const MOST = 100_000

export type Choice = { readonly issue: string; readonly serials: string; readonly cards: number }

/** All cards that a search finds, as serials of their one issue: what a pack may be made of. */
export async function findSerials(office: Office, actor: Actor, criteria: CardCriteria): Promise<Choice | Refused> {
  const no = mayDo(actor, 'packs.make')
  if (no !== null) return no
  const sql = selectMatchingSerials(withinReach(actor, criteria), MOST + 1)
  const [rows = []] = await office.db.use((connection) => connection.send(sql))
  const issues = new Set(rows.map(([issue]) => String(issue)))
  const [issue] = issues
  if (issue === undefined || issues.size > 1) return refused('pack_of_one_issue', { issues: issues.size })
  if (rows.length > MOST) return refused('pack_too_large', { cards: rows.length, most: MOST })
  const { ranges } = coverOf(rows.map(([, serial]) => ({ first: Number(serial), last: Number(serial) })))
  return { issue, serials: ranges.map(serialsText).join(','), cards: rows.length }
}

import { setUpError } from '../config/set-up-error.ts'
import type { Access } from '../db/access.ts'
import { changing, mustBe } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import { lockIssue } from '../db/sql/issues.ts'
import { integer, text } from '../db/sql/literal.ts'

/**
 * A second person lets the cards of an issue without packs be sold: one row, so all of them at once.
 *
 * @throws a set-up error where the issue does not ask for it or has packs, and for the person who activated it
 */
export const authoriseIssue = (access: Access, code: string, who: string): Promise<void> =>
  changing(access, async (connection) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    const { packs, saleAuthorisation } = issue.settings
    if (packs) throw setUpError(`issue ${code} has packs: each is authorised by itself, akart pack authorise`)
    if (!saleAuthorisation) throw setUpError(`issue ${code} does not ask for it: its cards can be sold`)
    mustBe(issue, ['activated'], 'only an activated one can be authorised for sale')
    const [activated = [], marks = []] = await connection.send(
      `SELECT who FROM issue_events WHERE issue_id = ${integer(issue.id)} AND event = 'activated' ORDER BY id DESC LIMIT 1;
       SELECT sale_authorised_by FROM issues WHERE id = ${integer(issue.id)}`,
    )
    const [by] = marks[0] as readonly [string | null]
    if (by !== null) throw setUpError(`issue ${code} was authorised by ${by}`)
    if (activated[0]?.[0] === who) throw setUpError(`${who} activated it: a second person has to`)
    await connection.send(
      `UPDATE issues SET sale_authorised_by = ${text(who)}, sale_authorised_at = UTC_TIMESTAMP(3) WHERE id = ${integer(issue.id)}`,
    )
  })

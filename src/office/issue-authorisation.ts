import { lockIssue, selectSaleMarks, setSaleAuthorised, toSaleMarks } from '../db/sql/issues.ts'
import type { Actor } from './actor.ts'
import { dependenceObjection } from './grants.ts'
import { putOnRecord } from './audit-row.ts'
import { againstState, changeIssues } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import type { IssueInput } from './issues.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** A second person lets the cards of an issue without packs be sold: one row, so all of them at once. */
export async function authoriseIssue(
  office: Office,
  actor: Actor,
  { issue: code }: IssueInput,
): Promise<true | Refused> {
  const no = mayDo(actor, 'issues.authorise')
  if (no !== null) return no
  const at = office.clock()
  return changeIssues(office, actor, 'issues.authorise', async (connection) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    const { packs, saleAuthorisation } = issue.settings
    if (packs) return refused('issue_has_packs', { issue: code })
    if (!saleAuthorisation) return refused('issue_needs_no_authorisation', { issue: code })
    const early = {
      en: 'only an activated one can be authorised for sale',
      pl: 'do sprzedaży dopuszcza się tylko aktywną',
    }
    const against = againstState(issue, ['activated'], early)
    if (against !== null) return against
    const [[row] = []] = await connection.send(selectSaleMarks(issue.id))
    if (row === undefined) throw new Error(`issue ${code} is gone under its lock`)
    const { activatedBy, authorisedBy } = toSaleMarks(row)
    if (authorisedBy !== null) return refused('issue_authorised', { issue: code, who: authorisedBy })
    if (activatedBy === actor.login) return refused('activated_by_same', { who: actor.login })
    const dependent = await dependenceObjection(connection, office, actor, activatedBy ?? '', at)
    if (dependent !== null) return dependent
    await connection.send(setSaleAuthorised(issue.id, actor.login))
    await putOnRecord(connection, office, actor, at, {
      action: 'issues.authorise',
      object: { kind: 'issue', id: code },
    })
    return true
  })
}

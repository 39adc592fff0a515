import { ISSUE_SETTINGS, type IssueSettings, SETTING_NAMES, type SettingName } from '../cards/issue-settings.ts'
import { currencyOf } from '../core/currency.ts'
import { countPacksOf } from '../db/sql/pack-rows.ts'
import { type JobView, selectJobAbout, toJobView } from '../db/sql/jobs.ts'
import { selectSaleMarks, toSaleMarks, type SaleMarks } from '../db/sql/issues.ts'
import type { Actor } from './actor.ts'
import { type Approval, listApprovals } from './approvals.ts'
import { GENERATION } from './generation-order.ts'
import { findIssue, type IssueView } from './issues.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { peopleWith, type Person } from './who-may.ts'

/** The rights that the way of an issue asks for, one after the other. */
const WAY = ['issues.edit', 'issues.export', 'packs.make', 'issues.activate', 'issues.authorise'] as const

export type IssuePage = IssueView & {
  readonly job: JobView | null
  readonly packs: readonly { readonly state: string; readonly packs: number; readonly cards: number }[]
  readonly marks: SaleMarks
  /** Its open approvals. */
  readonly approvals: readonly Approval[]
  /** The persons who may take the steps that this person may not. */
  readonly people: ReadonlyMap<(typeof WAY)[number], readonly Person[]>
}

/** All data of an issue: its state, its cards, and who may take the next step. */
export async function showIssue(office: Office, actor: Actor, code: string): Promise<IssuePage | Refused> {
  const no = mayDo(actor, 'issues.find')
  if (no !== null) return no
  const view = await findIssue(office, actor, { issue: code })
  if (isRefused(view)) return view
  const { id } = view.issue
  const [job, packs, marks] = await office.db.use(async (connection) => {
    const [[found] = [], counts = [], [mark] = []] = await connection.send(
      `${selectJobAbout(GENERATION, id)};${countPacksOf(id)};${selectSaleMarks(id)}`,
    )
    return [found, counts, mark] as const
  })
  const waiting = await listApprovals(office, actor, { open: true })
  return {
    ...view,
    job: job === undefined ? null : toJobView(job),
    packs: packs.map(([state, count, cards]) => ({ state: String(state), packs: Number(count), cards: Number(cards) })),
    marks: marks === undefined ? { activatedBy: null, authorisedBy: null } : toSaleMarks(marks),
    approvals: waiting.filter(({ to }) => to === `/issues/${code}`),
    people: await peopleWith(office, WAY),
  }
}

/** Every setting as a person writes it: `yes`, `49.90`, `none`, `all`. */
export const settingTexts = (settings: IssueSettings): Record<string, string> =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, settingText(settings, name)]))

function settingText(settings: IssueSettings, name: SettingName): string {
  const value = settings[name]
  const { expected } = ISSUE_SETTINGS[name]
  if (value === null) return expected.endsWith('or all') ? 'all' : 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return value.join(',')
  if (typeof value === 'number' && expected.startsWith('an amount')) {
    const { exponent } = currencyOf(settings.currency)
    return (value / 10 ** exponent).toFixed(exponent)
  }
  if (name === 'currency') return String(value).padStart(3, '0')
  return String(value)
}

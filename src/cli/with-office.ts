import { inHomeOffice } from '../app/home-office.ts'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import { isRefused, refusalHint, refusalPhrase, type Refused } from '../office/refusal.ts'
import { ALL_RIGHTS } from '../office/rights.ts'
import { CommandError } from './usage-error.ts'

/**
 * Lets a command work in an Office on a home as somebody: `work` is a use case or several.
 *
 * @throws CommandError where the use case refuses
 */
export const withOffice = async <Result>(
  home: string,
  who: string,
  work: (office: Office, actor: Actor) => Promise<Result>,
): Promise<Exclude<Result, Refused>> => done(await inHomeOffice(home, (office) => work(office, actorOf(who))))

/** Who only looks needs no name. */
export const READER = 'cli'

/** While an installation has no users, whoever may run the command may do everything (docs/spec/menu.md, section 1). */
export const actorOf = (who: string): Actor => ({
  login: who,
  name: who,
  rights: ALL_RIGHTS,
  stores: 'all',
  channel: 'cli',
})

/** What a use case gave. @throws CommandError with the refusal's text, and with what to type instead */
export function done<Result>(result: Result): Exclude<Result, Refused> {
  if (isRefused(result)) throw new CommandError(refusalLines(result))
  return result as Exclude<Result, Refused>
}

function refusalLines(refused: Refused): string {
  const text = refusalPhrase(refused, 'en')
  const hint = refusalHint(refused)
  const faults = (refused.faults ?? []).map((fault) => `${fault.at} ${fault.text}`)
  return [hint === '' ? text : `${text}: ${hint}`, ...faults].join('\n')
}

import { userInfo } from 'node:os'
import { inHomeOffice } from '../app/home-office.ts'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import { commandActor, type OperatingSystemUser } from '../office/command-persons.ts'
import { isRefused, refusalHint, refusalPhrase, type Refused } from '../office/refusal.ts'
import { CommandError } from './usage-error.ts'

/**
 * Runs use cases in an Office on a home directory in the name of a user.
 *
 * @throws CommandError if the use case refuses
 */
export const withOffice = async <Result>(
  home: string,
  who: string,
  work: (office: Office, actor: Actor) => Promise<Result>,
): Promise<Exclude<Result, Refused>> =>
  done(await inHomeOffice(home, async (office) => work(office, await commandActor(office, who, operatingSystemUser()))))

/** The user who runs the command, as the kernel reports it; environment variables are not trusted. */
export function operatingSystemUser(): OperatingSystemUser {
  const { uid, username } = userInfo()
  return { uid, name: username.replaceAll(/[^\x21-\x7e]/gu, '-').slice(0, 40) }
}

/** The actor of commands that only read. */
export const READER = 'cli'

/** The author that a file names. A command that only reads has no user, if there are no users yet: then it is the operating-system user. */
export const madeBy = ({ login }: Pick<Actor, 'login'>): string =>
  login === READER ? operatingSystemUser().name : login

/** The result of a use case. @throws CommandError with the refusal's text and its hint for the command line */
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

import type { CommandModule } from 'yargs'
import { settingOptions } from '../office/issues.ts'
import { decideLimits, type LimitChange, proposeLimits } from '../office/limits.ts'
import { withGivenSettings, withSettings } from './issue-settings.ts'
import { valueText } from './issue-text.ts'
import { type Home, mustBeReason, type OfIssue, type Who, withHome, withIssue, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

type Propose = Home & Who & OfIssue & { reason: string }

/** `akart issue limits`: money limits after draft, by two people. */
export const limitsCommand: CommandModule = {
  command: 'limits',
  describe: 'Money limits of an issue that is no longer a draft: one person proposes, another approves',
  builder: (yargs) =>
    yargs
      .command(proposeCommand as CommandModule)
      .command(approveCommand as CommandModule)
      .command(refuseCommand as CommandModule)
      .demandCommand(1, 'a command is missing: propose, approve or refuse'),
  handler: () => {},
}

const proposeCommand: CommandModule<object, Propose> = {
  command: 'propose <issue>',
  describe: 'Propose limits; those that are not given stay',
  builder: (yargs) =>
    withSettings(withIssue(withWho(withHome(yargs))), 'limits')
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason }) => mustBeReason(String(reason))),
  async handler({ home, who, issue, reason, ...options }) {
    const changes = await withGivenSettings(undefined, options, { home, who }, (office, actor, given) =>
      proposeLimits(office, actor, { issue, given, reason }),
    )
    for (const change of changes) console.log(lineOf(change))
    console.log(`issue ${issue}: proposed by ${who}. Another person: akart issue limits approve ${issue}`)
  },
}

const approveCommand: CommandModule<object, Home & Who & OfIssue> = {
  command: 'approve <issue>',
  describe: 'Approve the proposed limits',
  builder: (yargs) => withIssue(withWho(withHome(yargs))),
  handler: ({ home, who, issue }) => decide(home, issue, who, true),
}

const refuseCommand: CommandModule<object, Home & Who & OfIssue> = {
  command: 'refuse <issue>',
  describe: 'Refuse the proposed limits',
  builder: (yargs) => withIssue(withWho(withHome(yargs))),
  handler: ({ home, who, issue }) => decide(home, issue, who, false),
}

async function decide(home: string, issue: string, who: string, approve: boolean): Promise<void> {
  const changes = await withOffice(home, who, (office, actor) => decideLimits(office, actor, { issue, approve }))
  for (const change of changes) console.log(lineOf(change))
  console.log(`issue ${issue}: ${approve ? 'in force' : 'refused'}`)
}

function lineOf({ setting, from, to }: LimitChange): string {
  const expected = settingOptions.find(({ name }) => name === setting)?.expected ?? ''
  return `${setting.padEnd(26)}${valueText(from, expected)} → ${valueText(to, expected)}`
}

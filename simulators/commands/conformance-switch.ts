import type { Argv } from 'yargs'
import type { Profile } from '../../src/iso8583/profile.ts'
import { byteStage, type ByteLine } from '../conformance/byte-stage.ts'
import { type Check, finding } from '../conformance/check.ts'
import { frameChecks } from '../conformance/frame-checks.ts'
import { messageChecks, requestChecks } from '../conformance/message-checks.ts'
import { type Checked, reportJson, reportLines, switchReport } from '../conformance/report.ts'
import { scenarioCheck } from '../conformance/scenario-checks.ts'
import { ownProfile, ownProfiles } from '../describe/profiles.ts'
import type { DemoCard } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import { divide } from '../fuzz/run.ts'
import { clerkOf } from '../scenario/clerk.ts'
import { lanesOf, playInLanes } from '../scenario/lanes.ts'
import { ownScenarios } from '../scenario/own.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type Section, sectionNames } from '../scenario/sections.ts'
import { type ReportFiles, writeReports } from '../report/files.ts'
import { SetUpError } from '../set-up-error.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { lineSetupWithFreshCards } from '../setup/line-setup.ts'
import { parseAddress } from '../terminal/address.ts'
import type { Door } from '../terminal/peer.ts'
import { reach } from '../terminal/reach.ts'
import { stampClock } from '../terminal/stamp.ts'
import { whole } from './whole.ts'

export type SwitchConformanceOptions = LineOptions &
  ReportFiles & {
    line: string[]
    maxFrame: number
    confirmTimeout: number
    cases: boolean
    jobs: number
    section: string[]
    json: boolean
  }

export const switchConformanceOptions = <T>(args: Argv<T>) =>
  args
    .option('line', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'PROFILE,LENGTH,TPDU,HOST:PORT of a further listener, for sections 1 to 3',
    })
    .option('max-frame', { type: 'number', default: 4096, describe: 'maxFrameBytes of the listeners' })
    .option('confirm-timeout', { type: 'number', default: 120, describe: 'confirmTimeoutSeconds of the switch' })
    .option('cases', {
      type: 'boolean',
      default: true,
      describe: 'check clarification cases with `akart cases` on --home',
    })
    .option('jobs', { type: 'number', default: 8, describe: 'number of scenarios played in parallel' })
    .option('section', {
      type: 'string',
      array: true,
      choices: sectionNames,
      default: [] as string[],
      describe: 'only these sections; default: all',
    })
    .example('$0 conformance --line iso87-bcd,be2,5,127.0.0.1:8584', 'both lines of `akart up`')
    .example('$0 conformance --no-cases --cards C.csv --terminals T.csv', 'a switch that is not Akart')

const LENGTHS = ['be2', 'be2-inclusive', 'ascii4'] as const

function parseLine(text: string, maxFrame: number): ByteLine {
  const [name = '', length, tpdu, address = ''] = text.split(',')
  const known = LENGTHS.find((one) => one === length)
  if (known === undefined || (tpdu !== 'none' && tpdu !== '5'))
    throw new SetUpError(`--line ${text}: expected PROFILE,LENGTH,TPDU,HOST:PORT as in iso87-bcd,be2,5,127.0.0.1:8584`)
  const frame = { length: known, tpdu: tpdu === '5' ? 5 : 'none', maxFrame } as const
  return lineOf(ownProfile(name), frame, { address: parseAddress(address), tls: null })
}

const lineOf = (profile: Profile, frame: ByteLine['frame'], door: Door): ByteLine => ({
  profile,
  frame,
  others: ownProfiles().filter((other) => other.name !== profile.name),
  door,
})

const byteTables = [
  ['1', frameChecks],
  ['2', messageChecks],
  ['3', requestChecks],
] as const

/** The checks of sections 1 to 3 on one line; each on a connection of its own. */
function byteChecks(line: ByteLine, demo: Demo, stamp: ReturnType<typeof stampClock>): Check[] {
  const { good } = divide(demo)
  const stage = byteStage(line, good.terminal, good.card, stamp)
  return byteTables.flatMap(([section, table]) =>
    Object.entries(table).map(([title, check]) => ({
      section,
      title: `${line.profile.name}: ${title}`,
      run: async () => {
        const open = await stage.open()
        const found = await check(stage, open)
        const nonsense = open.nonsense()
        open.close()
        return nonsense === null ? found : finding([nonsense])
      },
    })),
  )
}

/** Where a scenario that names no section belongs: it is about what messages do. */
const OTHERWISE: Section = '3'

/** `akart-sim conformance switch`. Exit code 0 when no check failed. */
export async function switchConformance(
  options: SwitchConformanceOptions,
  write: (line: string) => void,
): Promise<number> {
  const maxFrame = whole('max-frame', options.maxFrame, 64, 65_535)
  const jobs = whole('jobs', options.jobs, 1, 1_000)
  const { peer, profile, demo, given, currency, home } = await lineSetupWithFreshCards(options)
  const { length, tpdu } = peer.framing
  const lines = [
    lineOf(profile, { length, tpdu: tpdu === null ? 'none' : 5, maxFrame }, peer),
    ...options.line.map((text) => parseLine(text, maxFrame)),
  ]
  for (const { door } of lines) await reach({ ...peer, ...door })
  const stamp = stampClock(Date.now)
  const used = new Set<DemoCard>()
  const settings = { peer, currency, demo, given, stamp, used, clerk: clerkOf(home), keepGoing: false, seed: 1 }
  const all: Checked[] = []
  const run = async (check: Check) => {
    const since = performance.now()
    const found = await check.run()
    all.push({ check, finding: found, seconds: (performance.now() - since) / 1_000 })
  }

  const wanted = (section: Section) => options.section.length === 0 || options.section.includes(section)
  const ofBytes = lines.flatMap((line) => byteChecks(line, demo, stamp)).filter(({ section }) => wanted(section))
  for (const check of ofBytes) await run(check)
  const checks = { settings, confirmTimeout: options.confirmTimeout, cases: options.cases }
  const sectionOf = (scenario: Scenario) => scenario.section ?? OTHERWISE
  const played = ownScenarios().filter((scenario) => wanted(sectionOf(scenario)))
  const play = (scenario: Scenario) => run(scenarioCheck(scenario, sectionOf(scenario), checks))
  await playInLanes(lanesOf(played, demo.terminals), jobs, play)

  const { host, port } = peer.address
  const facts = { target: `${host}:${port}`, lines: lines.map((line) => line.profile.name).join(', ') }
  writeReports(options, switchReport(all, facts, Date.now()))
  if (options.json) write(JSON.stringify(reportJson(all)))
  else reportLines(all).forEach(write)
  return all.every(({ finding: { result } }) => result !== 'failed') ? 0 : 1
}

import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownProfiles, profileNamed } from '../../simulators/describe/profiles.ts'
import { readDemo } from '../../simulators/demo/home.ts'
import type { FuzzPlan } from '../../simulators/fuzz/fuzz.ts'
import { processOn } from '../../simulators/fuzz/process-watch.ts'
import { statisticsLines, troubleLines } from '../../simulators/fuzz/report.ts'
import { divide, runFuzz } from '../../simulators/fuzz/run.ts'
import { parseAddress } from '../../simulators/terminal/address.ts'
import { startSwitch, verifyLedger } from './akart-up.ts'

/** Every profile, and between them every kind of length and both kinds of TPDU. */
export const LINES = [
  { name: 'ascii', profile: 'iso87-ascii', length: 'be2', tpdu: 'none' },
  { name: 'bcd', profile: 'iso87-bcd', length: 'be2', tpdu: 5 },
  { name: 'hex', profile: 'iso87-hex', length: 'ascii4', tpdu: 'none' },
  { name: 'ebcdic', profile: 'iso87-ebcdic', length: 'be2-inclusive', tpdu: 5 },
] as const

const MAX_FRAME = 4096
/** Of its own for the terminal in good order, so that it shares nothing with the others but the process. */
const QUIET = { name: 'iso', profile: 'iso87-ascii', length: 'be2', tpdu: 'none' } as const

export function configFile(home: string): string {
  const file = join(home, 'fuzz.yaml')
  const listeners = [QUIET, ...LINES].map((line) => ({ ...line, port: 0, maxFrame: MAX_FRAME }))
  // Unknown terminals are answered for as long as they ask, so that each frame's answer can be waited for.
  const perAddress = { refusalsPerMinute: 1_000_000 }
  writeFileSync(file, JSON.stringify({ log: { level: 'error' }, perAddress, listeners }))
  return file
}

export type FuzzOutcome = {
  readonly troubles: readonly string[]
  readonly told: readonly string[]
  readonly missed: readonly string[]
  readonly asked: number
  /** MiB, and open files, that the process has more than before. */
  readonly grown: { readonly mebibytes: number; readonly files: number }
  readonly stopped: number | null
  readonly ledger: { code: number | null; said: string }
}

/** `akart up` with a listener of each profile, so many frames on each of them, a good terminal beside them. */
export async function fuzzAkart(
  framesEach: number,
  seed: number,
  environment: NodeJS.ProcessEnv,
): Promise<FuzzOutcome> {
  const home = await mkdtemp(join(tmpdir(), 'akart-fuzz-'))
  try {
    const running = await startSwitch(home, null, configFile(home), environment)
    const profiles = ownProfiles()
    const { cast, good } = divide(readDemo({ home, cards: undefined, terminals: undefined }))
    const plans = LINES.map(({ name, profile, length, tpdu }, i): FuzzPlan => ({
      door: { address: parseAddress(running.listeners.get(name) ?? ''), tls: null },
      line: {
        profile: profileNamed(profile, profiles),
        frame: { length, tpdu, maxFrame: MAX_FRAME },
        others: profiles.filter((other) => other.name !== profile),
      },
      cast,
      seed: seed + i,
      from: 0,
      count: framesEach,
      lines: 4,
      patienceMs: 30_000,
    }))
    const beside = { target: parseAddress(running.target), good }
    const result = await runFuzz(plans, beside, processOn(home))
    const ledger = await verifyLedger(running)
    const stopped = await running.stop()
    const { trouble, growth } = result
    const again = (number: number) =>
      `line ${trouble?.plan.line.profile.name} --seed ${trouble?.plan.seed} --from ${number} --count 1`
    return {
      troubles: trouble === null ? [] : troubleLines(trouble.trouble, cast, again),
      told: result.statistics.flatMap((one) => statisticsLines(one, result.seconds)),
      missed: result.good?.missed ?? ['it was not there'],
      asked: result.good?.asked ?? 0,
      grown: {
        mebibytes: (growth?.after.mebibytes ?? Infinity) - (growth?.before.mebibytes ?? 0),
        files: (growth?.after.files ?? Infinity) - (growth?.before.files ?? 0),
      },
      stopped,
      ledger,
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

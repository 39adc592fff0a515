import type { Test } from 'tap'
import { toUrl } from '../../src/db/access.ts'
import { testServer } from '../database.ts'
import { type Bug, mustBePlantable, playPlanted, type Verdict } from '../planting.ts'
import { TEST_DATABASE_URL } from '../server.ts'

/** The number of histories within which each bug must be found; otherwise the checker proves nothing. */
const HISTORIES = 200
// A fixed seed: draws are the same each time, and only races are random.
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? '4')
/** A part of a name, for looking at that bug alone. */
const ONLY = process.env['AKART_BUG'] ?? ''

export type Finder = {
  /** A module here, or beside. */
  readonly player: string
  readonly histories: number
  /** Without a bug it is played too, and nothing is found; false: another test does that. */
  readonly plain?: boolean
}

/** A test for each bug, two at a time, after one without any. */
export async function findAll(
  t: Test,
  bugs: readonly Bug[],
  { player, histories, plain = true }: Finder = { player: 'engine-model-player.js', histories: HISTORIES },
): Promise<void> {
  const module = new URL(player, import.meta.url).href
  await mustBePlantable(bugs)
  const environment = { [TEST_DATABASE_URL]: toUrl({ ...(await testServer()), database: 'akart' }) }
  const play = (bug: Bug | null) => playPlanted({ bug, module, input: { histories, seed: SEED } }, environment)

  t.jobs = 2
  const none = plain
    ? t.test(`without a bug nothing is found, seed ${SEED}`, async (t) => {
        t.equal((await play(null)).finding, null)
      })
    : null
  const each = bugs
    .filter(({ name }) => name.includes(ONLY))
    .map((bug) =>
      t.test(`${bug.name}, seed ${SEED}`, async (t) => {
        const { finding, histories: played } = await play(bug).catch(brokenOff)
        t.not(finding, null, `found within ${histories} histories`)
        t.comment(`${played} histories: ${finding?.split('\n').at(-1) ?? 'not found'}`)
      }),
    )
  await Promise.all([none, ...each])
}

/** With a database that is there, an engine has to end with an answer for each request: one that cannot is found too. */
function brokenOff(error: unknown): Verdict {
  const said = error instanceof Error ? error.message : String(error)
  if (!said.includes('[cause]: Unanswered')) throw error
  return { finding: 'an engine ended without an answer', histories: 0 }
}

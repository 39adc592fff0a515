import { describeFields, describeHead } from '../terminal/describe.ts'
import { withoutColours, type Result } from '../report/report.ts'
import { type RunOutcome, stepOk, type StepOutcome, type Talk, type Watcher } from './outcome.ts'

const shown = ({ sent, answer }: Talk): string[] => [
  ...(sent === null ? [] : [describeHead(sent, '→'), ...describeFields(sent)]),
  ...(answer === null ? [] : [describeHead(answer, '←'), ...describeFields(answer)]),
]

function resultOf(suite: string, file: string, step: StepOutcome): Result {
  const ok = stepOk(step)
  const problems = [...step.problems, ...step.talks.flatMap((talk) => talk.problems)]
  return {
    suite,
    name: step.title,
    result: ok ? 'passed' : 'failed',
    why: '',
    problems: problems.map((problem) => `${file}:${step.line}: ${withoutColours(problem)}`),
    details: step.talks.flatMap(shown).map(withoutColours),
    seconds: step.talks.reduce((sum, { ms }) => sum + ms, 0) / 1_000,
  }
}

/** A run as results, one for each step; a scenario that could not begin is one that was left out. */
export function gatheringResults(results: Result[]): Watcher {
  let suite = ''
  let file = ''
  const reasons: string[] = []
  return {
    begin: (title, name) => {
      suite = title
      file = name
    },
    card: ({ name, problem }) => {
      if (problem !== null) reasons.push(name === '' ? problem : `card ${name}: ${problem}`)
    },
    step: (step) => void results.push(resultOf(suite, file, step)),
    end: ({ begun, steps, ok, ms }: RunOutcome) => {
      const base = { suite, problems: [] as string[], details: [] as string[], seconds: ms / 1_000 }
      const why = reasons.join('; ')
      if (!begun) results.push({ ...base, name: 'could not begin', result: 'skipped', why })
      else if (!ok && steps === 0)
        results.push({ ...base, name: 'cards', result: 'failed', why: '', problems: reasons })
    },
  }
}

/** Forwards events to both. */
export const both = (first: Watcher, second: Watcher): Watcher => ({
  begin: (title, file) => {
    first.begin(title, file)
    second.begin(title, file)
  },
  card: (card) => {
    first.card(card)
    second.card(card)
  },
  step: (step) => {
    first.step(step)
    second.step(step)
  },
  end: (run) => {
    first.end(run)
    second.end(run)
  },
})

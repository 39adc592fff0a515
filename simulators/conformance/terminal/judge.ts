import type { Result } from '../../report/report.ts'
import { sections } from '../../scenario/sections.ts'
import { always, type Rule, type RuleName, rules } from './rules.ts'
import type { Situation } from './situations.ts'
import { frameLine, type Story } from './trace.ts'

/**
 * Whether everything that a situation waits for has been seen, or a fault; then only the absence of further messages is
 * checked.
 */
export const isDecided = ({ rules: wanted }: Situation, story: Story): boolean =>
  wanted.every((name) => rules[name].otherwise === 'passed' || rules[name].judge(story) !== null)

const FEW_FRAMES = 40

/** The result of a rule for a finished story. */
function resultOf(name: RuleName, suite: string, story: Story, seconds: number): Result {
  const rule: Rule = rules[name]
  const verdict = rule.judge(story)
  const about = `${rule.text} (section ${rule.section}, ${sections[rule.section]})`
  const base = { suite, name: about, seconds, why: '', problems: [] as string[], details: [] as string[] }
  const ok = verdict?.ok ?? rule.otherwise === 'passed'
  if (ok) return { ...base, result: 'passed' }
  if (verdict === null && rule.otherwise === 'not seen') return { ...base, result: 'skipped', why: 'there was none' }
  const seen = verdict?.seen ?? 'nothing of the kind'
  const frames = story.frames.slice(0, FEW_FRAMES).map((frame) => {
    const mark = verdict?.frames.includes(frame.number) === true ? '▸ ' : '  '
    return `${mark}${frameLine(frame)}`
  })
  return { ...base, result: 'failed', problems: [`expected: ${rule.text}`, `seen: ${seen}`], details: frames }
}

/** The results of a finished situation. */
export function resultsOf(situation: Situation, story: Story, seconds: number): Result[] {
  const { title } = situation
  const skipped = (why: string): Result[] => [
    { suite: title, name: title, result: 'skipped', why, problems: [], details: [], seconds },
  ]
  if (story.original === null) return skipped('no request came')
  const flags = story.original.message?.fields[48]
  if (situation.only === 'partial' && flags?.startsWith('P') !== true)
    return skipped('the terminal takes no part (DE48 P)')
  return [...situation.rules, ...always].map((name) => resultOf(name, title, story, seconds))
}

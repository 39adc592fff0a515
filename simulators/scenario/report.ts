import pc from 'picocolors'
import { describeFields, describeHead, describeResult } from '../terminal/describe.ts'
import { maskedFields } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'
import { stepOk, type StepOutcome, type Talk, type Watcher } from './outcome.ts'

const TITLE_WIDTH = 54
const tick = (ok: boolean) => (ok ? pc.green('✓') : pc.red('✗'))
const milliseconds = (ms: number) => pc.dim(`${ms.toFixed(1)} ms`)

function summary({ sent, answer, ms }: Talk): string {
  if (sent === null && answer === null) return ''
  const mtis = `${sent?.mti ?? 'bytes'} → ${answer?.mti ?? '–'}`
  return answer === null ? mtis : `${mtis} ${describeResult(answer.fields)}  ${milliseconds(ms)}`
}

function explain(talk: Talk): string[] {
  const out = talk.problems.map((problem) => `      ${pc.red(problem)}`)
  if (talk.sent)
    out.push(`    ${describeHead(talk.sent, '→')}`, ...describeFields(talk.sent).map((one) => `    ${one}`))
  if (talk.answer)
    out.push(`    ${describeHead(talk.answer, '←')}`, ...describeFields(talk.answer).map((one) => `    ${one}`))
  return out
}

function stepLines(step: StepOutcome, file: string): string[] {
  const [only, ...more] = step.talks
  const ok = stepOk(step)
  const where = ok ? '' : pc.dim(`  ${file}:${step.line}`)
  if (only && more.length === 0) {
    const head = `  ${tick(ok)} ${step.title.padEnd(TITLE_WIDTH)}${summary(only)}${where}`
    return ok ? [head] : [head, ...explain(only)]
  }
  const inner = step.talks.flatMap((talk) => {
    const fine = talk.problems.length === 0
    const head = `    ${tick(fine)} ${talk.title.padEnd(TITLE_WIDTH - 2)}${summary(talk)}`
    return fine ? [head] : [head, ...explain(talk)]
  })
  return [`  ${tick(ok)} ${step.title}${where}`, ...step.problems.map((one) => `      ${pc.red(one)}`), ...inner]
}

/** Writes the run for a person, a line as each step ends. */
export function textReport(write: (line: string) => void): Watcher {
  let file = ''
  return {
    begin: (title, name) => {
      file = name
      write(`${pc.bold(title)}  ${pc.dim(name)}`)
    },
    card: ({ name, number, note, problem }) =>
      write(
        problem === null
          ? pc.dim(`    ${name.padEnd(12)}${number ?? ''}  ${note}`)
          : `  ${tick(false)} ${name === '' ? '' : `card ${name}: `}${pc.red(problem)}`,
      ),
    step: (step) => stepLines(step, file).forEach(write),
    end: ({ begun, ok, steps, failed, ms, strays }) => {
      if (!begun) return write(`  ${pc.yellow('could not begin: nothing was checked')}  ${milliseconds(ms)}`)
      const verdict = ok
        ? pc.green(`${steps} steps passed`)
        : pc.red(`${steps - failed} steps passed, ${failed} failed`)
      const stray = strays > 0 ? pc.yellow(`, ${strays} answers that nobody waited for`) : ''
      write(`  ${verdict}${stray}  ${milliseconds(ms)}`)
    },
  }
}

const masked = (message: Message | null) => message && { mti: message.mti, fields: maskedFields(message.fields) }

/** Writes the run for a program: one JSON object a line, `type` first. */
export function jsonReport(write: (line: string) => void): Watcher {
  const put = (type: string, rest: object) => write(JSON.stringify({ type, ...rest }))
  return {
    begin: (title, file) => put('scenario', { title, file }),
    card: (card) => put('card', card),
    step: (step) => {
      const talks = step.talks.map((talk) => ({ ...talk, sent: masked(talk.sent), answer: masked(talk.answer) }))
      put('step', { ...step, ok: stepOk(step), talks })
    },
    end: (run) => put('end', run),
  }
}

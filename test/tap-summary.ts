import { Parser, type Result } from 'tap-parser'
import { stringify } from 'tap-yaml'

/** The counts of a run. */
export type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }

/** Reads TAP, prints one line per file and failures in full, and counts. */
export type TapSummary = { readonly take: (tap: string) => void; readonly end: () => Count }

export function tapSummary(say: (line: string) => void): TapSummary {
  const parser = new Parser()
  const count = { passed: 0, failed: 0, skipped: 0 }

  const watch = (level: Parser, path: readonly string[]): void => {
    let inside: { readonly failedBefore: number } | null = null // the subtest whose own result line comes next
    level.on('child', (child: Parser) => {
      inside = { failedBefore: count.failed }
      watch(child, [...path, child.name])
    })
    level.on('assert', (result: Result) => {
      const subtest = inside
      inside = null
      const isSkipped = result.skip !== false || result.todo !== false
      const failed = !result.ok && !isSkipped
      if (path.length === 0) {
        const time = result.time === null ? '' : ` (${Math.round(result.time)} ms)`
        say(`${failed ? 'not ok' : 'ok'} - ${result.name}${time}`)
      }
      if (subtest !== null && !(failed && count.failed === subtest.failedBefore)) return // counted inside
      if (isSkipped) count.skipped++
      else if (!failed) count.passed++
      else {
        count.failed++
        say(`  FAILED ${[...path, result.name].filter((name) => name !== '').join(' > ')}`)
        if (result.diag !== null) say(stringify(result.diag).trimEnd().replace(/^/gm, '    '))
      }
    })
  }
  watch(parser, [])

  return {
    take: (tap) => void parser.write(tap),
    end() {
      parser.end()
      return count
    },
  }
}

// tap reporter: one line a file, failures in full, and a plain closing line 'N passed, N failed[, N skipped]'
import { PassThrough } from 'node:stream'
import { Parser } from 'tap-parser'
import { stringify } from 'tap-yaml'

export default class Summary extends PassThrough {
  #n = { pass: 0, fail: 0, skip: 0, files: 0 }
  #parser = new Parser()
  constructor() {
    super({ encoding: 'utf8' })
    this.#watch(this.#parser, [])
    this.#parser.on('bailout', (why) => this.push(`Bail out! ${why}\n`))
  }
  #watch(parser, path) {
    let child = null // the subtest whose own result line comes next
    parser.on('child', (c) => {
      child = { before: this.#n.fail }
      this.#watch(c, [...path, c.name])
    })
    parser.on('assert', (res) => {
      const sub = child
      child = null
      const failed = !res.ok && !res.todo && !res.skip
      if (path.length === 0) {
        this.#n.files++
        this.push(
          `${failed ? 'not ok' : 'ok'} - ${res.name}${res.time == null ? '' : ` (${Math.round(res.time)} ms)`}\n`,
        )
      }
      if (sub !== null && !(failed && this.#n.fail === sub.before)) return // counted inside
      if (res.skip || res.todo) this.#n.skip++
      else if (failed) {
        this.#n.fail++
        this.push(`  FAILED ${[...path, res.name].filter(Boolean).join(' > ')}\n`)
        if (res.diag) this.push(stringify(res.diag).replace(/^/gm, '    ') + '\n')
      } else this.#n.pass++
    })
  }
  _write(chunk, enc, cb) {
    this.#parser.write(chunk)
    cb()
  }
  _final(cb) {
    this.#parser.end()
    const { pass, fail, skip } = this.#n
    this.push(`${pass} passed, ${fail} failed${skip ? `, ${skip} skipped` : ''}\n`)
    this.push(null)
    cb()
  }
}

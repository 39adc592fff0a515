import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { SIMULATOR } from '../programs.ts'

/**
 * Invalid input is answered in one line with the permitted values, without a stack, and nothing is begun: exit code 2.
 */

const home = t.testdir()
mkdirSync(join(home, 'demo'))
writeFileSync(join(home, 'demo', 'cards.csv'), 'number,track1,track2,barcode,ecode,issue,state,balance\n')
const usual = readFileSync('config/iso8583/iso87-ascii.yaml', 'utf8')
const wrong = join(home, 'wrong.yaml')
writeFileSync(wrong, usual.replace('content: n, length: fixed 6', 'content: nn, length: fixed 6'))
const longest = join(home, 'longest.yaml')
writeFileSync(longest, usual.replace('LLVAR..19', 'VAR..19'))

const rows: [words: string[], said: RegExp][] = [
  [['sennd'], /^unknown command sennd; did you mean send\?\nSee: akart-sim --help$/],
  [[], /^a command is missing, for example: akart-sim send echo\nSee: akart-sim --help$/],
  [['send', '--foo'], /^unknown option --foo\nSee: akart-sim send --help$/],
  [['send', 'foo'], /^operation must be one of balance, sale, .*; it is foo\nSee: akart-sim send --help$/],
  [['host', '--port', 'abc'], /^--port: expected a whole number from 0 to 65535$/],
  [['gremlin', '--port', 'abc'], /^--port: expected a whole number from 0 to 65535$/],
  [['gremlin', '--rule', 'cut percent=0'], /^rule 'cut percent=0': percent=0 is not a whole number from 1 to 100$/],
  [['gremlin', '--rule', 'cut on=0210 to=server'], /^rule '.*' never happens: 0210 is an answer, and only requests/],
  [['gremlin', '--rule', 'pass', '--rule', 'cut'], /^rule 'cut' never happens: 'pass' before it always does$/],
  [['gremlin', '--length', 'none', '--rule', 'cut on=0200'], /^rule '.*' never happens: with --length none no MTI can/],
  [['host', '--rule', 'late on=0210'], /^rule 'late on=0210' never happens: 0210 is an answer/],
  [['host', '--rule', 'late', '--rule', 'drop on=refund'], /^rule 'drop on=refund' never happens: 'late' before it/],
  [['host', '--profile', wrong], /wrong\.yaml:\d+: content is nn; it may be n, a, an, ans/],
  [['host', '--profile', longest], /longest\.yaml:\d+: length VAR\.\.19: it is `fixed N`, `LVAR\.\.N`, `LLVAR/],
  [['run', 'nothing.yaml'], /^nothing\.yaml: no such file or directory \(ENOENT\)$/],
  [
    ['send', 'echo', '--home', join(home, 'none')],
    /cards\.csv: no such file or directory \(ENOENT\)\. Is the switch up/,
  ],
]

type Outcome = { readonly code: number; readonly out: string; readonly err: string }
const sim = (words: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [SIMULATOR, ...words], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })

t.test('akart-sim, typed wrongly', { timeout: 400_000 }, async (t) => {
  await Promise.all(
    rows.map(async ([words, said]) => {
      const { code, out, err } = await sim(words)
      const title = `akart-sim ${words.join(' ')}`
      t.match(err.trim(), said, title)
      t.equal(code, 2, title)
      t.equal(out, '', title)
      t.notMatch(err, /\n\s+at /u, `${title}: no stack`)
    }),
  )
})

t.test('a script that completes commands', async (t) => {
  t.match((await sim(['completion'])).out, /begin-akart-sim-completions/)
})

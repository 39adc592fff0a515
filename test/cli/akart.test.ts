import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Outcome, warmAkart } from '../warm-akart.ts'
import { AKART } from '../programs.ts'

/** Invalid input is answered with one line that names it, without a stack, and nothing is begun. */

const home = mkdtempSync(join(tmpdir(), 'akart-cli-'))
const config = join(home, 'own.yaml')
writeFileSync(config, 'engine:\n  workers: many\n')
t.teardown(() => rmSync(home, { recursive: true, force: true }))

const empty = join(home, 'empty')
const elsewhere = join(home, 'elsewhere')
mkdirSync(elsewhere)
writeFileSync(join(elsewhere, 'database'), 'db.example:3306/akart\n')
const demo = join(home, 'demo-home')
mkdirSync(join(demo, 'demo'), { recursive: true })
const rows: [words: string[], environment: NodeJS.ProcessEnv, exit: number, said: RegExp][] = [
  [['up', '--iso-port', 'abc'], {}, 2, /^akart: --iso-port takes a port from 0 to 65535$/u],
  [['up', '--http-port', '70000'], {}, 2, /^akart: --http-port takes a port/u],
  [['up', '--menu-port', '-1'], {}, 2, /^akart: --menu-port takes a port/u],
  [['nonsense'], {}, 2, /^akart: unknown word nonsense$/u],
  [['constructor'], {}, 2, /unknown word constructor/u],
  [['up', '--confi', 'x'], {}, 2, /^akart: unknown option --confi$/u],
  [['cases', 'show'], {}, 2, /^akart: id is missing$/u],
  [['cases', 'resolve', '1', '--confirm'], {}, 2, /^akart: --reason is missing$/u],
  [['cases', 'resolve'], {}, 2, /^See: akart cases resolve --help$/u],
  [['card', 'block', 'OPEN:1', '--as', 'gone', '--reason', 'x'], {}, 2, /^akart: --as must be one of lost, stolen, customer, suspicion; it is gone$/u],
  [['issue', 'limits', 'propse'], {}, 2, /^akart: unknown command propse; did you mean propose\?$/u],
  [['terminal', 'add', 'T1', '--store'], {}, 2, /^akart: --store needs a value$/u],
  [['cases', 'list', '--most', '3', '--most', '4'], {}, 2, /^akart: --most is given twice$/u],
  [['card', 'block', 'OPEN:1', '--as', 'lost', '--reason', 'a', '--reason', 'b'], {}, 2, /^akart: --reason is given twice$/u],
  [['card-key'], {}, 2, /^akart: a command is missing: list, add, rotate or remove$/u],
  [['up', '--config', config], {}, 2, /own\.yaml:2: engine\.workers must be an integer .* it is "many"$/u],
  [['up'], { AKART_CONFIRM_TIMEOUT_SECONDS: 'zero' }, 2, /^akart: AKART_CONFIRM_TIMEOUT_SECONDS: confirmTimeoutSeconds must be/u],
  [['up'], { AKART_DATABASE_URL: 'postgres://me:zebra-7@x' }, 2, /^akart: database URL: scheme postgres:/u],
  [['up'], { AKART_DATABASE_URL: 'mysql://me:zebra-7@127.0.0.1:1/x' }, 2, /^akart: database 127\.0\.0\.1:1\/x can't be reached/u],
  [['up'], { AKART_CONFIRM_TIMEUOT_SECONDS: '3', AKART_PORT: '1' }, 2, /^akart: AKART_CONFIRM_TIMEUOT_SECONDS is no setting; did you mean AKART_CONFIRM_TIMEOUT_SECONDS\?$/u],
  [['up'], { AKART_DATABASE_URL: 'mysql://me:zebra-7@x/y@db/akart' }, 2, /^akart: database URL: in user and password write @ as %40, \/ as %2F$/u],
  [['store', 'list', '--home', elsewhere], {}, 2, /elsewhere has its database at db\.example:3306\/akart: set AKART_DATABASE_URL \(or remove/u],
  [['up', '--home', elsewhere], {}, 2, /elsewhere has its database at db\.example:3306\/akart: set AKART_DATABASE_URL/u],
  [['init', '--home', demo], {}, 2, /demo-home holds a demo: its cards are under a public key\. Take another --home$/u],
  [['pack', 'show', 'x'], {}, 2, /^akart: give the number of the pack, as akart pack list shows it$/u],
  [['keys', 'changes', '--most', 'all'], {}, 2, /^akart: --most takes a whole number from 1 to 100000$/u],
  [['store', 'import', '/none.csv'], {}, 2, /^akart: \/none\.csv: can't be read: no such file or directory \(ENOENT\)$/u],
  [['isue', 'list'], {}, 2, /^akart: unknown command isue; did you mean issue\?$/u],
  [['up', '--home', config], {}, 2, /own\.yaml can't be the home directory: EEXIST/u],
  [['ledger', 'verify'], {}, 2, /empty holds no database; akart up --home makes one$/u],
  [['pack', 'create', 'OPEN', '--serials', '1'], {}, 2, /^akart: give the recipient: either --store or --counterparty$/u],
  [['card', 'block', 'OPEN:1', '--as', 'lost', '--reason', ' '], {}, 2, /^akart: --reason takes 1 to 200 characters, no control characters$/u],
  [['card', 'block', 'OPEN:1', '--as', 'lost', '--reason', 'lost\u001b[1A'], {}, 2, /^akart: --reason takes 1 to 200 characters/u],
  [['nonsense\u001b[2J\u202e'], {}, 2, /^akart: unknown word nonsense\\u001b\[2J\\u202e$/u],
  [['cases', 'list'], {}, 2, /empty holds no database/u],
  [['cases', 'list', '--most', 'all'], {}, 2, /^akart: --most takes a whole number from 1 to 100000$/u],
  [['cases', 'list', '--most', '0'], {}, 2, /^akart: --most takes a whole number/u],
  [['cases', 'show', 'P1'], {}, 2, /^akart: give the number of the case, as akart cases list shows it$/u],
  [['cases', 'resolve', '1.5', '--confirm', '--reason', 'x'], {}, 2, /^akart: give the number of the case, as akart cases list shows it$/u],
  [['cases', 'resolve', '5', '--reason', 'x'], {}, 2, /^akart: give either --confirm or --reverse$/u],
  [['cases', 'resolve', '5', '--confirm', '--reason', ' '], {}, 2, /^akart: --reason takes 1 to 200 characters, no control characters$/u],
  [['cases', 'resolve', '5', '--confirm', '--reason', 'a\u202eb'], {}, 2, /^akart: --reason takes/u],
] // prettier-ignore

const warm = warmAkart(t)

/** In a process of its own, for another environment or for how akart itself starts. */
function akart(words: readonly string[], environment: NodeJS.ProcessEnv): Outcome {
  const env = { ...process.env, ...environment }
  const { status, stderr } = spawnSync(process.execPath, [AKART, ...words], { env, encoding: 'utf8' })
  return { code: status ?? -1, said: stderr.trim() }
}

for (const [words, environment, exit, wanted] of rows) {
  void t.test(`akart ${words.join(' ')}`, async (t) => {
    const isNonsense = words[0]?.startsWith('nonsense') === true
    const all = [...words, ...(words.includes('--home') || isNonsense ? [] : ['--home', empty])]
    const isUp = words[0] === 'up'
    const { code, said } = isUp || isNonsense ? akart(all, environment) : await warm(...all)
    const lines = said.split('\n')
    t.match(lines.find((line) => wanted.test(line)) ?? lines.at(-1), wanted)
    t.equal(code, exit)
    t.notMatch(said, /\n\s+at /u, 'no stack')
    t.notMatch(said, /zebra-7/u, 'no password')
  })
}

void t.test('its own version, and a script that completes commands', { timeout: 400_000 }, async (t) => {
  const run = (...words: string[]) => spawnSync(process.execPath, [AKART, ...words], { encoding: 'utf8', cwd: home })
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  writeFileSync(join(home, 'package.json'), '{ "version": "99.9.9" }')
  t.equal(run('--version').stdout.trim(), version)
  t.match(run('completion').stdout, /begin-akart-completions/)
  t.match(run('--get-yargs-completions', 'akart', 'pa').stdout, /^pack\b/mu)
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import yargs from 'yargs'
import { commandsFor } from '../../src/cli/run-command.ts'
import { onTestServer, upForTest } from '../up.ts'
import { type Outcome, warmAkart } from '../warm-akart.ts'

/** Lists and single records: a header, UTC, currency, and JSON for programs; and refusals at a home that is up. */

const environment = await onTestServer(t)
const akart = await upForTest(t, environment)

const usual = warmAkart(t, environment)
const withoutDatabase = warmAkart(t, { AKART_DATABASE_URL: 'mysql://akart:secret@127.0.0.1:1/akart' })
const command = (words: readonly string[], akartThen = usual): Promise<Outcome> =>
  akartThen(...words, '--home', akart.home)

/** Every command that lists or shows: its header or first line, and its arguments. */
const SHOWN: Readonly<Record<string, readonly [header: RegExp, more?: readonly string[]]>> = {
  'api-key list': [/^ *KEY +KIND +ENDS WITH +STATE +NAME +SCOPES OR ORIGINS$/, ['WEBSHOP']],
  'archive list': [/^nothing is archived$/],
  'card adjustments': [/^no corrections wait$/],
  'card show': [/^card +629910\*{6}\d{4}, OPEN:17$/, ['OPEN:17']],
  'card-key list': [/^$/],
  'cases list': [/^no open cases$/],
  'cases show': [/^$/, ['1']],
  'certificates list': [/^no certificate is bound$/],
  'counterparty list': [/^COUNTERPARTY +STATE +NAME$/],
  'counterparty show': [/^FABRYKA: \w+, /, ['FABRYKA']],
  'issue list': [/^ISSUE +STATE +CARDS +PREFIX +CURRENCY +NAME$/],
  'issue show': [/^state +activated$/, ['OPEN']],
  'kiosk list': [/^no price checkers$/],
  'keys changes': [/^AT \(UTC\) +WHO +CHANGE +TERMINAL +PURPOSE +CHECK +NOTE$/],
  'keys list': [/^TERMINAL +PURPOSE +CIPHER +CHECK +MASTER +STATE$/],
  'keys master': [/^MASTER +KEYS +FROM$/, ['list']],
  'pack list': [/^PACK +ISSUE +RECIPIENT +CARDS +STATE$/],
  'pack show': [/^pack 1 {2}OPEN {2}store 000000000000001 {2}5 cards {2}received$/, ['1']],
  'report-schedule list': [/^no schedules$/],
  'report-schedule runs': [/^nothing waits or has failed$/],
  'settlement list': [/^no settlements$/],
  'settlement show': [/^$/, ['1']],
  'shop list': [/^SHOP +STORE +STATE +LOADS HOUR\/DAY +RETURNS HOUR\/DAY +NAME$/],
  'store list': [/^STORE +STATE +CURRENCY +TIME ZONE +LANGUAGE +TERMINALS +NAME$/],
  'store show': [/^store +000000000000001, open$/, ['000000000000001']],
  'terminal list': [/^TERMINAL +STORE +STATE +CONFIRMS +PROOF +CHARACTERS +LANGUAGE$/],
  'terminal show': [/^terminal +DEMO0001, store 000000000000001, active$/, ['DEMO0001']],
  upstreams: [/^no upstreams/],
  'welfare employees': [/^(?:NUMBER +STATE +CARD +NAME|no employees)$/, ['EMPLOYER']],
  'welfare employers': [/^(?:EMPLOYER +YEARLY LIMIT +NAME|no employers)$/],
  'welfare findings': [/^$/, ['1']],
  'welfare list': [/^(?:BATCH +EMPLOYER +STATE +ROWS +AMOUNT +FILE|no batches)$/],
  'welfare recalls': [/^no recalls$/],
  'welfare show': [/^$/, ['1']],
  'webhook deliveries': [/^$/, ['WEBSHOP', 'whe_none']],
  'webhook list': [/^no endpoints$/, ['WEBSHOP']],
  'role list': [/^ROLE +KIND +RIGHTS +PEOPLE +NAME$/],
  'role show': [/^RIGHT +REACH +CARE$/, ['auditor']],
  'user list': [/^LOGIN +STATE +ROLES +STORES$/],
}

/** Refused on a demo: keys of card numbers, and missing objects. */
const REFUSED: ReadonlySet<string> = new Set([
  'card-key list',
  'cases show',
  'settlement show',
  'webhook deliveries',
  'welfare findings',
  'welfare show',
])

type Built = {
  getInternalMethods: () => {
    getCommandInstance: () => { getCommandHandlers: () => Record<string, { builder?: (y: unknown) => unknown }> }
  }
  getOptions: () => { key: Record<string, unknown> }
}

/** Every command with its options, from yargs. */
async function allCommands(): Promise<readonly { readonly name: string; readonly options: readonly string[] }[]> {
  const found: { name: string; options: string[] }[] = []
  const walk = (name: string, builder: ((y: unknown) => unknown) | undefined): void => {
    const built = yargs([]) as unknown as Built
    builder?.(built)
    found.push({ name, options: Object.keys(built.getOptions().key) })
    const inner = built.getInternalMethods().getCommandInstance().getCommandHandlers()
    for (const [sub, handler] of Object.entries(inner)) walk(`${name} ${sub}`, handler.builder)
  }
  for (const { command: typed, builder } of await commandsFor([])) {
    walk(String(typed).split(' ')[0] ?? '', builder as (y: unknown) => unknown)
  }
  return found
}

const IS_SHOWN =
  / (?:list|show|changes|adjustments|deliveries|employers|employees|findings|recalls|runs)$|^keys master$|^upstreams$/u

t.test('every list and every show is in this table, and has --json', async (t) => {
  const all = await allCommands()
  t.ok(all.length > 100, `${all.length} commands were walked`)
  const shows = all.filter(({ name }) => IS_SHOWN.test(name))
  t.same(shows.map(({ name }) => name).toSorted(), Object.keys(SHOWN).toSorted())
  for (const { name, options } of shows) t.ok(options.includes('json'), `${name} --json`)
})

t.test('for people a header, for programs an object a line', async (t) => {
  for (const [name, [header, more = []]] of Object.entries(SHOWN)) {
    const words = [...name.split(' '), ...more]
    const plain = await command(words)
    const json = await command([...words, '--json'])
    const expected = REFUSED.has(name) ? 1 : 0
    t.same([plain.code, json.code], [expected, expected], `${name}: ${plain.said}`)
    if (expected === 1) continue
    t.match(plain.said.split('\n')[0], header, name)
    for (const line of json.said.split('\n').filter(Boolean)) {
      t.equal(typeof JSON.parse(line), 'object', `${name} --json`)
    }
  }
})

t.test('all findings of a list, for programs with what to do; every command takes --home', async (t) => {
  const directory = t.testdir()
  const list = join(directory, 'nobody.csv')
  await writeFile(list, `employee,amount\n${Array.from({ length: 1_050 }, (_, i) => `nobody,${i + 1}`).join('\n')}`)
  t.equal((await command(['welfare', 'check', 'FABRYKA', list])).code, 0)
  const { said } = await command(['welfare', 'findings', '1', '--json'])
  const found = said.split('\n').filter(Boolean).map((line) => JSON.parse(line) as { readonly row: number }) // prettier-ignore
  t.same(found.map(({ row }) => row), Array.from({ length: 1_050 }, (_, i) => i + 2)) // prettier-ignore
  t.match(found[0], {
    column: 'employee',
    value: 'nobody',
    code: 'employee_unknown',
    weight: 'stop',
    text: 'FABRYKA has no employee nobody.',
    remedy: 'Correct the number, or add the employee first.',
  })
  t.match(await command(['welfare', 'findings', 'first']), { code: 2, said: /id of a batch is a number/ })
  t.equal((await command(['welfare', 'template', '--output', join(directory, 'template.csv')])).code, 0)
})

t.test('the newest first, UTC, and a currency', async (t) => {
  const issues = (await command(['issue', 'list'])).said.split('\n').slice(1)
  t.match(issues.map((line) => line.split(' ')[0]), ['STAFF', 'ECARD', 'GIFT50', 'OPEN']) // prettier-ignore
  const card = (await command(['card', 'show', 'OPEN:17'])).said
  t.match(card, /^balances +ledger 150\.00 PLN, available 150\.00 PLN$/m)
  t.match(card, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}sale {2}150\.00 PLN {2}approved/m)
  const changes = (await command(['keys', 'changes', '--json', '--most', '5'])).said.split('\n')
  const times = changes.map((line) => (JSON.parse(line) as { at: string }).at)
  t.same(times, times.toSorted().toReversed())
})

t.test('refused in a line, with what to do', async (t) => {
  const rows: [words: string[], code: number, said: RegExp, akartThen?: typeof usual][] = [
    [['card', 'unblock', 'OPEN:17', '--reason', 'x'], 1, /^akart: card 629910\*{6}\d{4} is not blocked$/],
    [['card', 'clear', 'OPEN:17', '--reason', 'x'], 1, /^akart: card 629910\*{6}\d{4} is not under suspicion: it may be sold/],
    [['pack', 'receive', '1'], 1, /^akart: give the cards that have arrived: --card or --file$/],
    [['pack', 'receive', '1', '--file', '/none.csv'], 2, /^akart: \/none\.csv: can't be read: no such file or directory \(ENOENT\)$/],
    [['pack', 'dispatch', '1'], 1, /^akart: pack 1 is received; it must be made$/],
    [['store', 'list'], 2, /^akart: database 127\.0\.0\.1:1\/akart can't be reached: /, withoutDatabase],
    [['up'], 2, /^akart: \S+ is in use by another akart, process \d+$/],
    [['init'], 2, /^akart: \S+ is in use by another akart, process \d+$/],
    [
      ['issue', 'create', '--code', 'N', '--name', 'N', '--prefix', '629918', '--count', '5', '--nominal', '50', '--sale-minimum', '10'],
      2,
      /^akart: --sale-minimum follows from the nominal: leave it out$/,
    ],
  ] // prettier-ignore
  for (const [words, code, said, akartThen] of rows) {
    const outcome = await command(words, akartThen)
    t.match(outcome.said, said, words.join(' '))
    t.equal(outcome.code, code, words.join(' '))
    t.equal(outcome.said.split('\n').length, 1, 'one line')
  }
})

t.test('a demo gets no secrets afterwards', async (t) => {
  t.equal(await akart.stop(), 0)
  t.match(await command(['init']), { code: 2, said: /^akart: \S+ holds a demo: its cards are under a public key/ })
})

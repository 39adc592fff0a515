import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { plain } from './tell.ts'
import { startTinyHost } from './tiny-host.ts'
import { SIMULATOR } from '../programs.ts'

const own = new URL('../../../simulators/package.json', import.meta.url)
const simulatorVersion = (JSON.parse(readFileSync(own, 'utf8')) as { version: string }).version
const number = '6299100000000047'

function makeHome(): string {
  const home = t.testdir()
  mkdirSync(join(home, 'demo'))
  const row = (state: string, balance: number) =>
    `${number},B${number}^A^4912722,${number}=4912722,${number},ABCD,OPEN,${state},${balance}`
  const header = 'number,track1,track2,barcode,ecode,issue,state,balance'
  writeFileSync(join(home, 'demo', 'cards.csv'), `${header}\n${row('sold', 15_000)}\n`)
  const terminals = 'terminal,store,confirmation,mac,key\nDEMO0001,000000000000001,explicit,none,\n'
  writeFileSync(join(home, 'demo', 'terminals.csv'), terminals)
  writeFileSync(join(home, 'bad.yaml'), 'title: x\nsteps:\n  - send: paymnet\n')
  writeFileSync(join(home, 'wrong.yaml'), 'title: x\nsteps:\n  - { send: echo, expect: { 39: 51 } }\n')
  writeFileSync(join(home, 'lacking.yaml'), 'title: x\ncards: { a: { state: blocked } }\nsteps:\n  - { send: echo }\n')
  writeFileSync(join(home, 'right.yaml'), 'title: x\nsteps:\n  - { send: echo }\n')
  return home
}

/** `interruptWhen`: Ctrl-C as soon as it holds. */
function sim(args: string[], interruptWhen: (() => boolean) | null = null) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [SIMULATOR, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const look = setInterval(() => {
      if (interruptWhen?.() !== true) return
      clearInterval(look)
      child.kill('SIGINT')
    }, 50)
    child.on('close', (code) => {
      clearInterval(look)
      resolve({ code, out: plain(out), err: plain(err) })
    })
  })
}

t.test('akart-sim as it is typed', async (t) => {
  const home = makeHome()
  const host = await startTinyHost([number], null, 15_000)
  t.teardown(host.stop)
  // The load empties its card, so it has a host of its own.
  const busy = await startTinyHost([number], null, 15_000)
  t.teardown(busy.stop)
  const to = ['--home', home, '--target', `127.0.0.1:${host.port}`]
  const nobody = ['--home', home, '--target', '127.0.0.1:9']
  // Two that write at the same time would read what the other has half written.
  const saved = (name: string) => ['--saved', join(home, `${name}.jsonl`)]
  const [right, wrong, bad, missing, paid, declined, misspelt, remote, stopped] = await Promise.all([
    sim(['run', join(home, 'right.yaml'), ...to]),
    sim(['run', join(home, 'wrong.yaml'), join(home, 'right.yaml'), '--json', '--jobs', '1', ...to]),
    sim(['run', join(home, 'bad.yaml'), ...to]),
    sim(['run', join(home, 'right.yaml'), '--home', join(home, 'nowhere')]),
    sim(['send', 'payment', '--card', 'sold', '--amount', '20.00', '--confirm', ...saved('paid'), ...to]),
    sim(['send', 'payment', '--card', number, '--amount', '999.00', ...saved('declined'), ...to]),
    sim(['send', 'payment', '--card', 'solld', '--amount', '1.00', ...to]),
    sim(['load', '--home', home, '--target', '10.0.0.1:8583']),
    sim(
      [
        'load',
        '--json',
        '--seconds',
        '60',
        '--rate',
        '500',
        '--terminals',
        '4',
        '--home',
        home,
        '--target',
        `127.0.0.1:${busy.port}`,
      ],
      () => busy.requests() > 300,
    ),
  ])
  // Not beside the load: with more programs at once on two cores it would be the machine that is slow.
  const files = ['--junit', join(home, 'r.xml'), '--report', join(home, 'r.html')]
  const [lacking, unreached, uncheckable, version, builtin, reported] = await Promise.all([
    sim(['run', join(home, 'lacking.yaml'), ...to]),
    sim(['run', join(home, 'right.yaml'), ...nobody]),
    sim(['conformance', ...nobody]),
    sim(['--version']),
    sim(['run', 'first-sales', ...to]),
    sim([
      'run',
      join(home, 'right.yaml'),
      join(home, 'wrong.yaml'),
      join(home, 'lacking.yaml'),
      '--tap',
      '--jobs',
      '1',
      ...files,
      ...to,
    ]),
  ])
  t.match(right, { code: 0, out: /✓ send echo .*0800 → 0810 00 approved/ })
  t.match(wrong, { code: 1, err: '' })
  const events = wrong.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; ok?: boolean })
  t.same(
    events.map(({ type, ok }) => [type, ok]),
    [
      ['scenario', undefined],
      ['step', false],
      ['end', false],
      ['scenario', undefined],
      ['step', true],
      ['end', true],
    ],
  )
  t.match(bad, { code: 2, out: '', err: /bad\.yaml:3: send 'paymnet', expected one of: balance/ })
  t.match(missing, { code: 2, err: /cards\.csv: no such file or directory \(ENOENT\).*make run/ })
  t.match(paid, { code: 0, out: /→ 0200 .*payment.*20\.00 PLN.*← 0210 .*00 approved.*→ 0202 .*← 0212 .*00 approved/s })
  t.match(declined, { code: 1, out: /51 insufficient funds/, err: '' })
  t.match(misspelt, { code: 2, err: /--card solld: expected a number, a track, a file, or one of sellable, sold/ })
  t.match(remote, { code: 2, err: /not this machine/ })
  t.equal(stopped.code, 0, stopped.err)
  t.match(JSON.parse(stopped.out), { interrupted: true, unanswered: 0 })
  t.match(lacking, { code: 2, out: /could not begin: nothing was checked/ })
  for (const one of [unreached, uncheckable])
    t.match(one, {
      code: 2,
      out: '',
      err: /^cannot connect to 127\.0\.0\.1:9: ECONNREFUSED\. Nothing listens there.*\n$/,
    })
  t.match(builtin, {
    code: 2,
    err: /^first-sales: no such file or directory \(ENOENT\); built in are advice, .*first-sale, /,
  })
  t.match(reported, { code: 1, err: '' })
  t.match(
    reported.out,
    /^TAP version 14\n1\.\.3\nok 1 - x: send echo .*\nnot ok 2 - x: send echo .*\n(?:.*\n)*ok 3 - x: could not begin # SKIP card a: no unused/,
  )
  t.match(readFileSync(join(home, 'r.xml'), 'utf8'), /<testsuites name="Scenarios" tests="3" failures="1">/)
  t.match(readFileSync(join(home, 'r.html'), 'utf8'), /field 39: expected &#39;51&#39;, came &#39;00&#39;/)
  t.equal(version.out, `${simulatorVersion}\n`, 'its own, whichever package it is in')
  for (const { out, err } of [right, wrong, paid, declined]) t.notMatch(out + err, number)
})

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createDeframer, encodeFrame, type FrameSettings } from '../../src/iso8583/frame.ts'
import { mac } from '../../src/iso8583/mac.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { PROFILES } from '../iso8583/profiles.ts'
import { ASCII, BE2, until } from '../switch/listening.ts'
import { onTestServer, type Place, upForTest } from '../up.ts'
import { type Outcome, warmAkart } from '../warm-akart.ts'
import { SIMULATOR } from '../programs.ts'

/* Terminals as their operator sees them, and what reaches the cashier: one Akart with its database, over TCP. */

const environment = await onTestServer(t)
const akart = await upForTest(t, environment)

const simulator = (...words: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [SIMULATOR, ...words], (error, out, complaints) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: (out + complaints).trim() }),
    )
  })
const run = warmAkart(t, environment)
const command = (...words: string[]): Promise<Outcome> => run('terminal', ...words, '--home', akart.home)

const rowsOf = async (file: string): Promise<string[][]> =>
  (await readFile(join(akart.home, 'demo', file), 'utf8')).split('\n').map((line) => line.split(','))
const [, , track = ''] = (await rowsOf('cards.csv')).find((row) => row[5] === 'OPEN' && row[6] === 'sold') ?? []
const retailKey = Buffer.from((await rowsOf('terminals.csv')).find(([name]) => name === 'DEMO0002')?.[4] ?? '', 'hex')

/** Answers as bytes, one after the other. */
async function open(place: Place, tpdu: Buffer | null = null) {
  const frame: FrameSettings = { ...BE2, tpdu: tpdu === null ? 'none' : 5 }
  const socket = connect(place.port, place.host)
  await once(socket, 'connect')
  t.teardown(async () => void socket.destroy())
  const answers: Buffer[] = []
  const deframer = createDeframer(frame)
  socket.on('data', (chunk: Buffer) => deframer.push(chunk, (body) => void answers.push(Buffer.from(body))))
  return async (body: Buffer): Promise<Buffer> => {
    const before = answers.length
    socket.write(encodeFrame(frame, body, tpdu))
    await until(() => answers.length > before)
    return answers[before] ?? Buffer.alloc(0)
  }
}

/** DE7 of now: a message of another month is refused. */
const SENT = new Date()
  .toISOString()
  .replaceAll(/[^0-9]/g, '')
  .slice(4, 14)
let stan = 0
/** More than any demo card holds: 51. */
const overdraft = (terminal: string, again?: Message): Message => ({
  mti: again === undefined ? '0200' : '0201',
  fields: again?.fields ?? {
    3: '006000', 4: '000000099900', 7: SENT, 11: String(++stan).padStart(6, '0'), 12: '120000', 13: '1125',
    22: '022', 35: track, 41: terminal, 42: '000000000000001', 49: '985',
  }, // prettier-ignore
})

/** `Brak środków`, and DE 63 as it stands on the wire. */
const CP1250 = Buffer.from('4272616b209c726f646bf377', 'hex')
const TEXT = { plain: Buffer.from('012Brak srodkow'), 'windows-1250': Buffer.concat([Buffer.from('012'), CP1250]) }

const ask = await open(akart.iso)
const say = (message: Message, profile: Profile = ASCII): Promise<Buffer> => ask(pack(profile, message))

/** Changes of the registry are seen within a second. */
async function eventually(terminal: string, wanted: Buffer): Promise<boolean> {
  for (let i = 0; i < 600; i++) {
    if ((await say(overdraft(terminal))).includes(wanted)) return true
    await sleep(100)
  }
  return false
}

t.test('what is on record, and what cannot be put there', async (t) => {
  const { said } = await command('list')
  const [, first = ''] = said.split('\n')
  t.match(first, /^DEMO0001 +000000000000001 +active +explicit +unauthenticated +ascii +pl$/)
  t.match(await command('list', '--store', '000000000000002'), { code: 0, said: /^TERMINAL [^\n]*\nDEMO0006 [^\n]*$/ })
  t.match(await command('list', '--store', 'NOWHERE'), { code: 0, said: 'no terminals' })
  t.match((await command('show', 'DEMO0002')).said, /^terminal +DEMO0002, store 0+1, active\nconfirmation +explicit\nproof +retail\nMAC +retail, required\nsign-on +not required\ntexts +ascii, pl as its store$/) // prettier-ignore
  t.same(JSON.parse((await command('show', 'DEMO0001', '--json')).said), {
    changes: [],
    code: 'DEMO0001', store: '000000000000001', state: 'active', confirmation: 'explicit', mac: 'none',
    macRequired: true, signOn: false, storeLanguage: true, unauthenticated: true, bound: false, kiosk: false, characterSet: 'ascii',
    language: 'pl',
  }) // prettier-ignore
  const rows: [string[], number, RegExp][] = [
    [['set', 'DEMO0001'], 2, /^akart: give --confirmation, --character-set, --language, --unauthenticated or --state$/m],
    [['set', 'DEMO0001', '--character-set', 'latin2'], 2, /^akart: --character-set must be one of ascii, iso-8859-2, windows-1250, cp852, utf-8; it is latin2$/],
    [['set', 'DEMO0001', '--language', 'de'], 2, /^akart: --language must be one of pl, en, store; it is de$/],
    [['set', 'NOBODY', '--language', 'en'], 1, /^akart: there is no terminal NOBODY$/],
    [['show', 'NOBODY'], 1, /^akart: there is no terminal NOBODY$/],
    [['show'], 2, /^akart: terminal is missing$/m],
  ] // prettier-ignore
  for (const [words, code, said] of rows) t.match(await command(...words), { code, said }, words.join(' '))
  t.equal((await command('list')).said, said, 'and nothing was changed')
})

t.test('a word that can be no code is named, whatever the command', async (t) => {
  const said = /^akart: codes are in ASCII, so there is none such: KĄT$/
  const rows = [
    ['issue', 'show', 'KĄT'],
    ['keys', 'list', '--terminal', 'KĄT'],
    ['sign-on', 'KĄT', '--required'],
  ]
  for (const words of rows) t.match(await run(...words, '--home', akart.home), { code: 2, said }, words.join(' '))
})

t.test('diacritics for the terminal that can show them, and for no other', async (t) => {
  t.ok((await say(overdraft('DEMO0001'))).includes(TEXT.plain))
  const set = await command('set', 'DEMO0001', '--character-set', 'windows-1250')
  t.same(set, { code: 0, said: 'DEMO0001: character set ascii → windows-1250' })
  t.ok(await eventually('DEMO0001', TEXT['windows-1250']), 'a running switch takes it up')

  const request = overdraft('DEMO0001')
  const first = await say(request)
  t.ok(first.includes(TEXT['windows-1250']), first.toString('latin1'))
  const repeat = await say(overdraft('DEMO0001', request))
  t.equal(repeat.toString('hex'), first.toString('hex'), 'a repeat, byte for byte')
  t.ok((await say(overdraft('DEMO0004'))).includes(TEXT.plain), 'the terminal beside it')
  t.ok((await say(overdraft('GHOST'))).includes(Buffer.from('Unknown terminal')), 'a stranger')

  const told = await simulator('describe', first.toString('hex'), '--text-charset', 'windows-1250')
  t.match(told, { code: 0, said: /63 Reserved private +Brak środków/ })
  const untold = await simulator('describe', first.toString('hex'))
  t.match(untold, { code: 1, said: /hint: --text-charset [^\n]*windows-1250[^\n]*\n[^]*F063 content/ })
  const { port } = akart.iso
  const till = ['--target', `127.0.0.1:${port}`, '--home', akart.home, '--terminal', 'DEMO0001']
  const sent = await simulator('send', 'payment', '--card', 'sold', '--amount', '999', ...till)
  t.match(sent.said, /63 +text +Brak <9C>rodk<F3>w/)
})

t.test('in packed digits too', async (t) => {
  const packed = await open(akart.bcd, Buffer.from('6000010002', 'hex'))
  const answer = await packed(pack(PROFILES['iso87-bcd'], overdraft('DEMO0001')))
  t.ok(answer.includes(Buffer.concat([Buffer.from('0012', 'hex'), CP1250])), answer.toString('hex'))
})

t.test('the MAC covers the text as it is sent', async (t) => {
  const sealed = (message: Message): Buffer => {
    const blank = pack(ASCII, { ...message, fields: { ...message.fields, 64: '0'.repeat(16) } }).subarray(0, -8)
    return Buffer.concat([blank, mac('retail', retailKey, blank)])
  }
  const text = Buffer.from('014Brak środków')
  await command('set', 'DEMO0002', '--character-set', 'utf-8')
  let answer = await ask(sealed(overdraft('DEMO0002')))
  for (let i = 0; i < 600 && !answer.includes(text); i++) {
    await sleep(100)
    answer = await ask(sealed(overdraft('DEMO0002')))
  }
  t.ok(answer.includes(text), answer.toString('latin1'))
  t.same(answer.subarray(-8), mac('retail', retailKey, answer.subarray(0, -8)))
  const wrong = await ask(pack(ASCII, overdraft('DEMO0002')))
  t.ok(wrong.includes(Buffer.from('026Błędny podpis komunikatu')), wrong.toString('utf8'))
  t.notSame(wrong.subarray(-8), mac('retail', retailKey, wrong.subarray(0, -8)), 'and is never MACed')
})

t.test('a language of its own, and that of its store again', async (t) => {
  const set = (...words: string[]) => command('set', 'DEMO0001', ...words)
  t.same(await set('--language', 'en'), { code: 0, said: 'DEMO0001: language as its store → en' })
  t.ok(await eventually('DEMO0001', Buffer.from('018Insufficient funds')))
  t.ok((await say(overdraft('DEMO0004'))).includes(TEXT.plain), 'the terminal beside it')
  const back = await set('--language', 'store', '--character-set', 'ascii')
  t.same(back, { code: 0, said: 'DEMO0001: character set windows-1250 → ascii, language en → as its store' })
  t.ok(await eventually('DEMO0001', TEXT.plain))
})

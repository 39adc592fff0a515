import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import type { DescribeOptions } from '../../simulators/commands/describe.ts'
import { entriesOf } from '../../simulators/describe/entries.ts'
import { base64Bytes, hexBytes } from '../../simulators/describe/hex-text.ts'
import { jsonOf } from '../../simulators/describe/json.ts'
import { reportOf } from '../../simulators/describe/report.ts'
import { framings } from '../../simulators/describe/frames.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { CONFIRMATION, PAYMENT, PAYMENT_ANSWER } from '../iso8583/example-messages.ts'
import { PROFILE_NAMES, PROFILES } from '../iso8583/profiles.ts'
import { hexInputs } from './hex-inputs.ts'
import { planted } from './planted.ts'
import { plain, tell, type Told } from './tell.ts'

const ALL: readonly Profile[] = PROFILE_NAMES.map((name) => PROFILES[name])
const ascii = (message: Message): Buffer => pack(PROFILES['iso87-ascii'], message)
const be2 = (body: Buffer): Buffer => encodeFrame({ length: 'be2', tpdu: 'none', maxFrame: 65_535 }, body, null)
t.test('the example of section 9 in every profile', async (t) => {
  for (const name of PROFILE_NAMES) {
    const { code, text } = await tell([pack(PROFILES[name], PAYMENT).toString('hex')])
    t.equal(code, 0, name)
    t.match(text, new RegExp(`^1\\. 0200 financial request {2}at 0: ${name}, \\d+ bytes, no length before it`))
    for (const line of [
      /^ +0 +0 Message type +0200 +financial request$/m,
      /^ +\d+ +Bitmap +3238040020C08000 +3 4 7 11 12 13 22 35 41 42 49$/m,
      /^ +\d+ +3 Processing code +006000 +payment$/m,
      /^ +\d+ +4 Amount, transaction +000000010000 +100\.00 PLN$/m,
      /^ +\d+ +7 .* 1122173005 +22 Nov 17:30:05 UTC$/m,
      /^ +\d+ +22 Point of service entry mode +022 +magnetic stripe, no PIN$/m,
      /^ +\d+ +35 Track 2 data +\(hidden\) +card 629910\*{6}0047$/m,
      /^ +\d+ +49 Currency code, transaction +985 +PLN$/m,
    ])
      t.match(text, line, name)
  }
  const { text } = await tell([ascii(PAYMENT_ANSWER).toString('hex')])
  t.match(text, /39 Response code +00 +approved$/m)
  t.match(
    text,
    /54 Additional amounts +6001985C0000000150006002985C000000015000\n +ledger 150\.00 PLN, available 150\.00 PLN$/m,
  )
  t.match(text, /^ +18 +4 .*\n +30 30 30 30 30 30 30 31 30 30 30 30$/m, 'offset and raw bytes')
  const confirmation = await tell([ascii(CONFIRMATION).toString('hex')])
  t.match(confirmation.text, /^1\. 0202 confirmation /)
  t.match(confirmation.text, /0200 financial request, trace 000017 of 22 Nov 17:30:05 UTC$/m)
  t.match(
    (await tell([ascii({ ...PAYMENT, mti: '0321' }).toString('hex')])).text,
    /file action, advice, repeat \(ISO 8583:1987\)/,
  )
})

t.test('one JSON object for each message', async (t) => {
  const bytes = Buffer.concat([be2(ascii(PAYMENT)), Buffer.alloc(2), be2(ascii(PAYMENT_ANSWER).subarray(0, -2))])
  const { code, text } = await tell([bytes.toString('base64')], { json: true })
  t.equal(code, 1)
  const objects = text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  t.match(objects, [
    {
      message: 1,
      at: 0,
      read: true,
      frame: { length: 'be2', tpdu: null },
      size: 121,
      profile: 'iso87-ascii',
      betterProfile: null,
      mti: '0200',
      fault: null,
    },
    { message: 2, at: 125, read: false, mti: '0210', fault: { field: 54, reason: 'length', text: 'F054 length' } },
  ])
  const elements = objects[0]?.['elements'] as { de: number }[]
  t.same(
    elements.filter(({ de }) => de === 35 || de === 41),
    [
      {
        de: 35,
        kind: 'element',
        name: 'Track 2 data',
        offset: 59,
        size: 36,
        lengthRaw: '3334',
        raw: '*'.repeat(68),
        value: '(hidden)',
        meaning: 'card 629910******0047',
      },
      {
        de: 41,
        kind: 'element',
        name: 'Card acceptor terminal identification',
        offset: 95,
        size: 8,
        lengthRaw: '',
        raw: '44454D4F30303031',
        value: 'DEMO0001',
        meaning: null,
      },
    ],
  )
})

t.test('an unreadable message is shown up to the fault', async (t) => {
  const bytes = ascii(PAYMENT)
  const hex = (change: (copy: Buffer) => Buffer | number): string => {
    const copy = Buffer.from(bytes)
    const changed = change(copy)
    return (typeof changed === 'number' ? copy : changed).toString('hex')
  }
  const rows: [string, string, RegExp][] = [
    [
      'a letter in the amount',
      hex((copy) => copy.write('A', 25, 'latin1')),
      /^ +25 +✗ F004 content: .*\n( +)(.. )*41 .*\n/m,
    ],
    [
      'a wrong length',
      hex((copy) => copy.write('38', 59, 'latin1')),
      /^ +59 +✗ F035 length: .*\n +33 38 (\*\* ?)+\n +\^\^$/m,
    ],
    [
      'cut',
      hex((copy) => copy.subarray(0, 100)),
      /^ +95 +✗ F041 cut: .*\n +44 45 4D 4F 30\n +\^\^\n +5 bytes were not read/m,
    ],
    [
      'left over',
      hex((copy) => Buffer.concat([copy, Buffer.of(0x41)])),
      /^ +121 +✗ F049 left over: .*\n +41\n +\^\^\n +1 byte was/m,
    ],
  ]
  for (const [what, input, wanted] of rows) {
    const { code, text } = await tell([input])
    t.equal(code, 1, what)
    t.match(text, /3 Processing code +006000/, `${what}: what was before it`)
    t.match(text, wanted, what)
    t.match(text, /iso87-bcd: F\d{3} \w+ at byte/, `${what}: why the others do not fit`)
  }
  const marked = (await tell([rows[0]?.[1] ?? ''])).text.split('\n')
  const at = marked.findIndex((line) => line.includes('✗'))
  t.equal(marked[at + 2]?.indexOf('^^'), marked[at + 1]?.indexOf('41'), 'the mark is under the byte')

  const named = await tell([bytes.toString('hex')], { profile: 'iso87-bcd' })
  t.match(named, { code: 1, text: /hint: iso87-ascii reads all of it/ })
  t.notMatch((await tell([bytes.toString('hex')], { profile: 'iso87-ascii' })).text, /hint/)
  const frames = await tell([be2(bytes).toString('hex')], { length: 'ascii4' })
  t.match(frames, { code: 1, text: /^✗ at 0: length is not four digits: .*; 123 bytes were not read/ })
})

t.test('input in all its forms', async (t) => {
  const bytes = ascii(PAYMENT)
  const hex = bytes.toString('hex')
  for (const [what, input] of Object.entries(hexInputs(bytes))) {
    const read = hexBytes(input)
    t.ok(read.ok && read.bytes.equals(bytes), what)
  }
  for (const input of [bytes.toString('base64'), bytes.toString('base64url')]) {
    const read = base64Bytes(input)
    t.ok(read.ok && read.bytes.equals(bytes), input.slice(0, 8))
  }
  const refused: [string, RegExp][] = [
    ['303', /odd number of digits \(3\)/],
    ['30 32 3x', /character 8 is no hex digit/],
    ['', /no hex digits/],
  ]
  for (const [input, reason] of refused) t.match(hexBytes(input), { ok: false, reason })

  const file = join(t.testdir(), 'message')
  const files: Record<string, [bytes: Buffer, count: number]> = {
    binary: [bytes, 1],
    framed: [Buffer.concat([be2(bytes), be2(bytes)]), 2],
    'one after the other': [Buffer.concat([bytes, bytes, bytes]), 3],
    'hex, a line each': [Buffer.from(`${hex}\n${hex.slice(0, -2)}\n${hex}\n`), 3],
    'base64, a line each': [Buffer.from(`${bytes.toString('base64')}\n${bytes.toString('base64')}\n`), 2],
    'text itself': [pack(PROFILES['iso87-hex'], PAYMENT), 1],
    'text itself, a line each': [
      Buffer.concat([
        pack(PROFILES['iso87-hex'], PAYMENT),
        Buffer.from('\n'),
        pack(PROFILES['iso87-hex'], CONFIRMATION),
      ]),
      2,
    ],
    'digits only': [pack(PROFILES['iso87-hex'], { mti: '0800', fields: { 7: '1122173005', 11: '000017' } }), 1],
    nothing: [Buffer.alloc(0), 0],
  }
  for (const [what, [content, count]] of Object.entries(files)) {
    writeFileSync(file, content)
    const { code, text } = await tell([file])
    t.equal(text.match(/^\d+\. 0\d\d\d /gm)?.length ?? 0, count, what)
    t.equal(code, what.startsWith('hex, a line') || count === 0 ? 1 : 0, what)
    t.equal((await tell(['-'], {}, content)).text, text, `${what}, from standard input`)
  }
  const mistakes: [string[], Partial<DescribeOptions>, RegExp][] = [
    [['6299100000000047', 'x'], {}, /^neither a file, nor a message in hex or base64/],
    [[`${hex}0`], {}, /odd number/],
    [['nowhere.pcap'], {}, /^neither a file/],
    [[hex], { profile: 'iso93' }, /iso93: expected one of iso87-ascii, /],
    [[hex], { profile: 'nowhere.yaml' }, /nowhere\.yaml: no such file or directory \(ENOENT\)/],
    [[hex], { port: [8583] }, /--port is for captures/],
  ]
  for (const [input, options, problem] of mistakes) {
    const error = await tell(input, options).catch((thrown: unknown) => thrown)
    t.ok(error instanceof Error && problem.test(error.message), String(error))
    t.notMatch(String(error), /6299100000000047|363239393130/)
  }
  await t.rejects(tell([file], { profile: file }), /expected one of/)
  writeFileSync(`${file}.yaml`, 'name: mine\n')
  await t.rejects(tell([hex], { profile: `${file}.yaml` }), /message\.yaml:1: encodings is missing/)
})

/** A number as it may stand in any output: digits, hex of ASCII and of EBCDIC. */
const forms = (number: string): string[] => [
  number,
  number.replace(/\d/g, '3$&'),
  number.replace(/\d/g, 'F$&'),
  Buffer.from(number).toString('base64').slice(0, 16),
]

const settings = { profiles: ALL, choice: framings({}) }

t.test('no card number is in any output, whatever the message and the profile', async (t) => {
  let plantedOnes = 0
  for (const profile of ALL) {
    const accident = fc.constantFrom('none', 'none', 'cut', 'change', 'length')
    fc.assert(
      fc.property(planted(profile), accident, fc.nat(), ({ message, number }, what, place) => {
        const whole = pack(profile, message)
        const at = place % whole.length
        if (Object.values(message.fields).some((value) => value?.includes(number))) plantedOnes++
        if (what === 'change') whole.writeUInt8(place & 0xff, at)
        const bytes = what === 'cut' ? whole.subarray(0, at) : what === 'length' ? be2(whole) : whole
        for (const named of [null, ...ALL]) {
          const entries = entriesOf(bytes, { ...settings, named })
          const json = entries.map((entry, i) => JSON.stringify(jsonOf(entry, i + 1))).join('\n')
          const text = plain(entries.flatMap((entry, i) => reportOf(entry, i + 1)).join('\n'))
          // Hex in lines and groups, as one would read it.
          const squeezed = text.replace(/[\s·]/g, '')
          for (const form of forms(number)) {
            if (json.includes(form)) throw new Error(`in the JSON, read as ${named?.name ?? 'the likeliest'}`)
            if (text.includes(form) || squeezed.includes(form))
              throw new Error(`in the text, read as ${named?.name ?? 'the likeliest'}`)
          }
        }
      }),
      { numRuns: 60 },
    )
  }
  t.ok(plantedOnes > 100, `${plantedOnes} messages had a number in them`)
})

t.test('no track and no eCode is in any output', async (t) => {
  const secrets = ['49127220001234567', 'ABCDEFGHJKLMNPQR', 'DEMOCARD']
  const message: Message = {
    mti: '0200',
    fields: {
      ...PAYMENT.fields,
      45: 'B6299100000000047^DEMOCARD^4912722',
      62: 'ABCDEFGHJKLMNPQR',
    },
  }
  for (const profile of ALL) {
    const bytes = pack(profile, message)
    // Whole, and cut within the eCode.
    for (const part of [bytes, bytes.subarray(0, -1)]) {
      const entries = entriesOf(part, { ...settings, named: null })
      const json = entries.map((entry, i) => JSON.stringify(jsonOf(entry, i + 1))).join('\n')
      const text = plain(entries.flatMap((entry, i) => reportOf(entry, i + 1)).join('\n'))
      t.match(text, /^1\. 0200 financial request/)
      for (const secret of secrets) {
        const hex = Buffer.from(secret).toString('hex').toUpperCase()
        for (const form of [secret, secret.slice(3, 9), hex, hex.slice(6, 18)])
          t.notMatch(json + text, form, profile.name)
      }
    }
  }
})

t.test('as it is typed', async (t) => {
  const program = fileURLToPath(new URL('../../simulators/akart-sim.js', import.meta.url))
  const sim = (args: string[], input: Buffer): Promise<Told & { err: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [program, 'describe', ...args], { stdio: 'pipe' })
      let text = ''
      let err = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
      child.stdin.on('error', () => undefined).end(input)
      child.on('close', (code) => resolve({ code: code ?? -1, text: plain(text), err }))
    })
  const bytes = ascii(PAYMENT)
  const spaced = bytes.toString('hex').match(/../g) ?? []
  const [stdin, words, broken, usage] = await Promise.all([
    sim(['-', '--json'], be2(bytes)),
    sim(['--length', 'none', '--tpdu', 'none', ...spaced], Buffer.alloc(0)),
    sim([bytes.toString('hex', 0, 60)], Buffer.alloc(0)),
    sim(['--length', 'be3', '6299100000000047'], Buffer.alloc(0)),
  ])
  t.match(stdin, { code: 0, err: '' })
  t.match(JSON.parse(stdin.text), { mti: '0200', frame: { length: 'be2' } })
  t.match(words, { code: 0, text: /^1\. 0200 financial request/, err: '' })
  t.match(broken, { code: 1, text: /F035/, err: '' })
  t.match(usage, { code: 2, text: '', err: /be2-inclusive/ })
  t.notMatch(usage.err, '6299100000000047')
})

import { connect } from 'node:net'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readProfile } from '../../src/app/profiles.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PROFILE_NAMES } from '../iso8583/profiles.ts'
import { approve, listening, paymentOf, type Speech, till, until } from '../switch/listening.ts'
import { textOf } from './markdown.ts'

/* The example of docs/dialects.md as a reader would use it: two files, a listener, the bytes of the page. */

const page = textOf('docs/dialects.md')
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text)
const [profileText = '', configText = ''] = blocks('yaml')
const [request, answer] = blocks('hex').map((text) => Buffer.from(text.replace(/\s/g, ''), 'hex'))

const directory = await mkdtemp(join(tmpdir(), 'akart-dialect-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const profileFile = join(directory, 'tills.yaml')
const configFile = join(directory, 'akart.yaml')
await writeFile(profileFile, profileText)
await writeFile(configFile, configText.replace('/etc/akart/tills.yaml', profileFile))

t.test('the dialect of the page talks through a listener, beside the default one', async (t) => {
  const { listeners } = await readConfig({ file: configFile, environment: {} })
  const [iso, tills] = listeners
  if (iso === undefined || tills === undefined) throw new Error('the page has two listeners')
  const profile = await readProfile(tills.profile)
  const frame = { length: tills.length, tpdu: tills.tpdu, maxFrame: tills.maxFrameBytes }
  const [plain, { listener }] = [
    await listening(t, approve),
    await listening(t, approve, { settings: { profile, frame } }),
  ]

  const socket = connect(listener.port, listener.host)
  await once(socket, 'connect')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(request ?? '')
  await until(() => Buffer.concat(chunks).length >= (answer?.length ?? 0))
  t.same(Buffer.concat(chunks), answer, 'byte for byte')
  socket.destroy()

  const speech: Speech = { profile, frame }
  t.equal(await (await till(listener, speech)).ask(paymentOf(1)), '00', 'a payment in it')
  t.equal(await (await till(plain.listener)).ask(paymentOf(1)), '00', 'and one in the default dialect')
})

t.test('each profile in each kind of frame, many listeners at once', async (t) => {
  const settings = PROFILE_NAMES.flatMap((name) =>
    (['be2', 'be2-inclusive', 'ascii4'] as const).flatMap((length) =>
      (['none', 5] as const).map((tpdu) => ({ name, frame: { length, tpdu, maxFrame: 4096 } })),
    ),
  )
  const lines = await Promise.all(
    settings.map(async ({ name, frame }) => {
      const profile = await readProfile(name)
      const { listener } = await listening(t, approve, { settings: { profile, frame } })
      const tpdu = frame.tpdu === 5 ? Buffer.from('6000120034', 'hex') : null
      return { name, frame, profile, line: await till(listener, { profile, frame, tpdu }), tpdu }
    }),
  )
  for (const { name, frame, profile, line, tpdu } of lines) {
    const title = `${name} ${frame.length} ${frame.tpdu}`
    t.equal(await line.ask(paymentOf(1)), '00', title)
    line.socket.write(encodeFrame(frame, pack(profile, paymentOf(2)).subarray(0, -1), tpdu))
    await until(() => line.answers.length === 2)
    t.match(
      line.answers[1],
      { mti: '0210', fields: { 39: '30', 44: 'F049 cut', 11: '000002' } },
      `${title}: a message that is cut`,
    )
    t.same(
      line.tpdus,
      [1, 2].map(() => (tpdu === null ? null : '6000340012')),
      `${title}: destination and source`,
    )
  }
})

t.test('frames that do not fit are named as the page says', async (t) => {
  const profile = await readProfile(profileFile)
  const frames = { be2: { length: 'be2', tpdu: 'none', maxFrame: 4096 }, ascii4: { length: 'ascii4', tpdu: 'none', maxFrame: 4096 }, tpdu: { length: 'be2', tpdu: 5, maxFrame: 4096 } } as const // prettier-ignore
  const rows: [keyof typeof frames, Buffer, string][] = [
    ['be2', request ?? Buffer.alloc(0), "length 12336, at most 4096: the bytes are the text '00'"],
    ['ascii4', Buffer.from('00373038', 'hex'), 'length is not four digits: the bytes are 00373038, in binary the first two are 55'],
    ['tpdu', Buffer.from('0006080008000000', 'hex'), 'the TPDU begins with 08, not with 60'],
  ] // prettier-ignore
  for (const [settings, bytes, why] of rows) {
    const { listener, told } = await listening(t, approve, { settings: { profile, frame: frames[settings] } })
    const line = await till(listener)
    line.socket.write(bytes)
    await line.closed
    t.same(told.closed, [why])
    t.ok(page.includes(why), `the page has: ${why}`)
  }
})

t.test('a wrong file is refused with file, line and reason', async (t) => {
  const line = profileText.split('\n').findIndex((text) => text.includes('  37:')) + 1
  await writeFile(profileFile, profileText.replace(/(37: .* content: )an,/, '$1anz,'))
  const why = `tills.yaml:${line}: content is anz; it may be n, a, an, ans, `
  const error: unknown = await readProfile(profileFile).catch((reason: unknown) => reason)
  t.ok(String(error).startsWith(`SetUpError: ${directory}/${why}`), String(error))
  t.ok(page.includes(why), `the page has: ${why}`)
  await t.rejects(readProfile(join(directory, 'none.yaml')), /there is no .*none\.yaml/)
  await t.rejects(readProfile('iso87-klingon'), /there is no config\/iso8583\/iso87-klingon\.yaml/)
})

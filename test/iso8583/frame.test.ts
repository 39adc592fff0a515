import fc from 'fast-check'
import t from 'tap'
import { createDeframer, encodeFrame, type FrameFault, type FrameSettings, swapTpdu } from '../../src/iso8583/frame.ts'

const TPDU = Buffer.from('6000120034', 'hex')

const SETTINGS: readonly FrameSettings[] = (['be2', 'be2-inclusive', 'ascii4'] as const).flatMap((length) =>
  (['none', 5] as const).map((tpdu) => ({ length, tpdu, maxFrame: 4096 })),
)

const tpduOf = ({ tpdu }: FrameSettings): Buffer | null => (tpdu === 5 ? TPDU : null)

/** The frames of a stream that arrives in these chunks. */
function frames(settings: FrameSettings, chunks: readonly Buffer[]) {
  const deframer = createDeframer(settings)
  const bodies: string[] = []
  const tpdus: (string | null)[] = []
  let fault: FrameFault | null = null
  for (const chunk of chunks) {
    fault = deframer.push(chunk, (body, tpdu) => {
      bodies.push(body.toString('latin1'))
      tpdus.push(tpdu && tpdu.toString('hex'))
    })
  }
  return { bodies, tpdus, fault, pending: deframer.pending(), keepAlives: deframer.keepAlives() }
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

void t.test('frames byte for byte', async (t) => {
  const body = Buffer.from('0800')
  const ROWS = {
    be2: '0004 30383030',
    'be2-inclusive': '0006 30383030',
    ascii4: '30303034 30383030',
  } as const
  for (const [length, wire] of Object.entries(ROWS)) {
    const settings: FrameSettings = { length: length as keyof typeof ROWS, tpdu: 'none', maxFrame: 4096 }
    t.same(encodeFrame(settings, body, null), hex(wire), length)
  }
  t.same(encodeFrame({ length: 'be2', tpdu: 5, maxFrame: 4096 }, body, swapTpdu(TPDU)), hex('0009 6000340012 30383030'))
})

void t.test('a stream split at each byte gives the same frames', async (t) => {
  for (const settings of SETTINGS) {
    const bodies = ['0800 first', '0', '0200'.repeat(70)]
    const stream = Buffer.concat(bodies.map((body) => encodeFrame(settings, Buffer.from(body), tpduOf(settings))))
    const expected = { bodies, tpdus: bodies.map(() => tpduOf(settings)?.toString('hex') ?? null), fault: null }
    const done = { ...expected, pending: false, keepAlives: 0 }
    const name = `${settings.length} ${settings.tpdu}`
    t.same(frames(settings, [stream]), done, name)
    t.same(
      frames(
        settings,
        Array.from(stream, (byte) => Buffer.from([byte])),
      ),
      done,
      `${name} byte by byte`,
    )
    for (let at = 0; at <= stream.length; at++) {
      t.same(frames(settings, [stream.subarray(0, at), stream.subarray(at)]), done, `${name} at ${at}`)
    }
    for (let at = 1; at < stream.length; at += 7) {
      const { pending } = frames(settings, [stream.subarray(0, at)])
      t.equal(pending, !isFrameEnd(settings, bodies, at), `${name} pending at ${at}`)
    }
  }
})

/** Whether that many bytes are whole frames. */
function isFrameEnd(settings: FrameSettings, bodies: readonly string[], at: number): boolean {
  let end = 0
  for (const body of bodies) {
    end += encodeFrame(settings, Buffer.from(body), tpduOf(settings)).length
    if (end === at) return true
  }
  return false
}

void t.test('any frames in any chunks', async (t) => {
  const settings = fc.constantFrom(...SETTINGS)
  const bodies = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 300 }), { maxLength: 20 })
  fc.assert(
    fc.property(
      settings,
      bodies,
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
      (settings, bodies, sizes) => {
        const stream = Buffer.concat(bodies.map((body) => encodeFrame(settings, Buffer.from(body), tpduOf(settings))))
        const chunks: Buffer[] = []
        for (let at = 0; at < stream.length;) {
          const size = sizes[chunks.length % sizes.length] ?? 1
          chunks.push(stream.subarray(at, at + size))
          at += size
        }
        t.same(frames(settings, chunks).bodies, bodies)
      },
    ),
    { numRuns: 100 },
  )
})

void t.test('zero-length frames are counted and passed over', async (t) => {
  const ROWS = [
    ['be2', '0000 0000 0001 41 0000'],
    ['be2-inclusive', '0002 0002 0003 41 0002'],
    ['ascii4', '30303030 30303030 30303031 41 30303030'],
  ] as const
  for (const [length, wire] of ROWS) {
    const result = frames({ length, tpdu: 'none', maxFrame: 10 }, [hex(wire)])
    t.match(result, { bodies: ['A'], keepAlives: 3, fault: null, pending: false }, length)
  }
  t.match(frames({ length: 'be2', tpdu: 5, maxFrame: 10 }, [hex('0000')]), { bodies: [], keepAlives: 1, fault: null })
})

void t.test('what cannot be a frame is named, and nothing after it is read', async (t) => {
  const ROWS: readonly (readonly [FrameSettings, wire: string, kind: FrameFault['kind'], text: string])[] = [
    [
      { length: 'be2', tpdu: 'none', maxFrame: 4096 },
      '303a 30',
      'too long',
      "length 12346, at most 4096: the bytes are the text '0:'",
    ],
    [{ length: 'be2', tpdu: 'none', maxFrame: 4096 }, '1001', 'too long', 'length 4097, at most 4096'],
    [
      { length: 'be2-inclusive', tpdu: 'none', maxFrame: 4096 },
      '0001',
      'length',
      'length 1, which should count its own 2 bytes',
    ],
    [
      { length: 'be2-inclusive', tpdu: 'none', maxFrame: 4096 },
      '0000',
      'length',
      'length 0, which should count its own 2 bytes',
    ],
    [
      { length: 'ascii4', tpdu: 'none', maxFrame: 4096 },
      '0093 3032',
      'length',
      'length is not four digits: the bytes are 00933032, in binary the first two are 147',
    ],
    [
      { length: 'ascii4', tpdu: 'none', maxFrame: 4096 },
      '2d303031',
      'length',
      'length is not four digits: the bytes are 2d303031, in binary the first two are 11568',
    ],
    [
      { length: 'ascii4', tpdu: 'none', maxFrame: 4096 },
      '39393939',
      'too long',
      "length 9999, at most 4096: the bytes are the text '9999'",
    ],
    [{ length: 'be2', tpdu: 5, maxFrame: 4096 }, '0004 60000000', 'tpdu', 'length 4 has no room for a TPDU'],
    [{ length: 'be2', tpdu: 5, maxFrame: 4096 }, '0006 020032380400', 'tpdu', 'the TPDU begins with 02, not with 60'],
  ]
  for (const [settings, wire, kind, text] of ROWS) {
    const good = encodeFrame(settings, Buffer.from('good'), tpduOf(settings))
    const stream = Buffer.concat([good, hex(wire), good])
    const expected = { bodies: ['good'], fault: { kind, text }, pending: false }
    t.match(frames(settings, [stream]), expected, text)
    t.match(frames(settings, [stream, good]), expected, `${text}, and the next chunk`)
    t.match(
      frames(
        settings,
        Array.from(stream, (byte) => Buffer.from([byte])),
      ),
      expected,
      `${text}, byte by byte`,
    )
  }
})

void t.test('a longest frame, and many at once, cost no more than their bytes', async (t) => {
  const settings: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 0xffff }
  const long = encodeFrame(settings, Buffer.alloc(0xffff, 0x41), null)
  const chunks = Array.from(long, (byte) => Buffer.from([byte]))
  const many = Buffer.concat(Array.from({ length: 1000 }, () => encodeFrame(settings, Buffer.alloc(147, 0x42), null)))
  const before = process.cpuUsage()
  t.equal(frames(settings, chunks).bodies[0]?.length, 0xffff)
  t.equal(frames(settings, [many]).bodies.length, 1000)
  // Copying all that came before with each byte would be 2 GB.
  const { user, system } = process.cpuUsage(before)
  t.ok(user + system < 1e6, 'within a second of the processor')
})

void t.test('a body may be kept: what comes later does not change it', async (t) => {
  const settings: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 100 }
  const deframer = createDeframer(settings)
  const kept: Buffer[] = []
  for (const letter of ['A', 'B', 'C']) {
    const bytes = encodeFrame(settings, Buffer.alloc(20, letter), null)
    deframer.push(bytes.subarray(0, 7), (body) => void kept.push(body))
    deframer.push(bytes.subarray(7), (body) => void kept.push(body))
  }
  t.same(kept.map(String), ['A'.repeat(20), 'B'.repeat(20), 'C'.repeat(20)])
})

void t.test('a frame that the settings do not have is broken code', async (t) => {
  const body = Buffer.from('0800')
  t.throws(() => encodeFrame({ length: 'be2', tpdu: 5, maxFrame: 100 }, body, null), RangeError)
  t.throws(() => encodeFrame({ length: 'be2', tpdu: 'none', maxFrame: 100 }, body, TPDU), RangeError)
  t.throws(() => encodeFrame({ length: 'ascii4', tpdu: 'none', maxFrame: 100 }, Buffer.alloc(10_000), null), RangeError)
})

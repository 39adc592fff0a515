import { setTimeout as sleep } from 'node:timers/promises'
import { encodeFrame, swapTpdu } from '../../src/iso8583/frame.ts'
import type { WireLine } from '../fuzz/wire-line.ts'
import { type ByteStage, inWords, QUIET_MS, TPDU } from './byte-stage.ts'
import { finding, type Finding, passedOver } from './check.ts'

type FrameCheck = (stage: ByteStage, line: WireLine) => Promise<Finding>

const prefixed = (text: string, stage: ByteStage): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), stage.framed(stage.packed(stage.request('echo')))])

const MANY = 100
const UNREADABLE = Buffer.from([0xee])

/** The elements that must be echoed of a message that is malformed after its card. */
const ECHOED = [3, 7, 11, 12, 13] as const

/** Section 1 of docs/spec/terminal.md. */
export const frameChecks: Readonly<Record<string, FrameCheck>> = {
  'a frame may come byte by byte': async (stage, line) => {
    const bytes = stage.framed(stage.packed(stage.request('payment')))
    for (const byte of bytes.subarray(0, -1)) {
      line.write(Buffer.of(byte))
      await sleep(0)
    }
    const [came] = await stage.exchange(line, bytes.subarray(-1), 1)
    return finding(came?.code === '00' ? [] : [`expected 0210 00, came ${inWords(came)}`])
  },
  'many may come at once, and each is answered once': async (stage, line) => {
    const echoes = Array.from({ length: MANY }, () => stage.request('echo'))
    const came = await stage.exchange(line, Buffer.concat(echoes.map((one) => stage.framed(stage.packed(one)))), MANY)
    const wanted = new Set(echoes.map(({ fields }) => fields[11]))
    const fitting = new Set(came.map(({ fields }) => fields[11]).filter((trace) => wanted.has(trace)))
    const right = came.length === MANY && fitting.size === MANY
    return finding(right ? [] : [`${MANY} were sent, ${came.length} answers came, ${fitting.size} fit`])
  },
  'a frame of length 0 is ignored': async (stage, line) => {
    const nothing = encodeFrame({ ...stage.line.frame, tpdu: 'none' }, Buffer.alloc(0), null)
    const came = await stage.exchange(line, Buffer.concat([nothing, nothing]), 0)
    return finding([...came.map((one) => `it was answered: ${inWords(one)}`), ...(await stage.serves(line))])
  },
  'a length above maxFrame ends the line, and no other': async (stage, line) => {
    const other = await stage.open()
    const { length, maxFrame } = stage.line.frame
    const size = maxFrame + 1
    if (length === 'ascii4' && size > 9_999) return passedOver('no length is above maxFrame')
    const head = Buffer.alloc(length === 'ascii4' ? 4 : 2)
    if (length === 'ascii4') head.write(String(size).padStart(4, '0'), 0, 'latin1')
    else head.writeUInt16BE(length === 'be2-inclusive' ? size + 2 : size)
    line.write(head)
    const problems = [...(await stage.ends(line)), ...(await stage.serves(other))]
    other.close()
    return finding(problems)
  },
  'a length that cannot be ends the line': async (stage, line) => {
    const { length, tpdu } = stage.line.frame
    if (length === 'be2' && tpdu === 'none') return passedOver('every length can be')
    const wrong = length === 'ascii4' ? '-001' : length === 'be2-inclusive' ? '\0\x01' : '\0\x03'
    line.write(prefixed(wrong, stage))
    return finding(await stage.ends(line))
  },
  'what is no frame at all ends the line': async (stage, line) => {
    line.write(Buffer.from('GET / HTTP/1.1\r\nHost: akart\r\n\r\n', 'latin1'))
    return finding(await stage.ends(line))
  },
  'the answer has the TPDU the other way round': async (stage, line) => {
    if (stage.line.frame.tpdu === 'none') return passedOver('this line has no TPDU')
    const [came] = await stage.exchange(line, stage.framed(stage.packed(stage.request('echo'))), 1)
    const wanted = swapTpdu(TPDU).toString('hex')
    return finding(came?.signature.endsWith(`/${wanted}`) === true ? [] : [`expected ${wanted}, came ${inWords(came)}`])
  },
  'a message that is malformed is answered 30, with what could be read': async (stage, line) => {
    const request = stage.request('payment')
    const [came] = await stage.exchange(line, stage.framed(Buffer.concat([stage.packed(request), UNREADABLE])), 1)
    const lost = ECHOED.filter((de) => came?.fields[de] !== request.fields[de])
    return finding([
      ...(came?.mti === '0210' && came.code === '30' ? [] : [`expected 0210 30, came ${inWords(came)}`]),
      ...(/^F\d{3} /.test(came?.reason ?? '') ? [] : ['DE44 does not name the field, as in "F049 left over"']),
      ...(lost.length === 0 ? [] : [`not echoed: ${lost.join(', ')}`]),
      ...(await stage.serves(line)),
    ])
  },
  'what cannot be read at all is not answered, and nine in a row are endured': async (stage, line) => {
    const came = await stage.exchange(line, Buffer.concat(Array.from({ length: 9 }, () => stage.framed(UNREADABLE))), 0)
    return finding([...came.map((one) => `it was answered: ${inWords(one)}`), ...(await stage.serves(line))])
  },
  'ten in a row end the line': async (stage, line) => {
    line.write(Buffer.concat(Array.from({ length: 10 }, () => stage.framed(UNREADABLE))))
    return finding(await stage.ends(line))
  },
  'they are counted as they come': async (stage, line) => {
    const nine = Array.from({ length: 9 }, () => stage.framed(UNREADABLE))
    const echo = stage.framed(stage.packed(stage.request('echo')))
    const came = await stage.exchange(line, Buffer.concat([...nine, echo, ...nine]), 1)
    const between = came.length === 1 && came[0]?.code === '00'
    return finding([
      ...(between ? [] : [`the message between nine and nine: expected 0810 00, came ${inWords(came[0])}`]),
      ...(await stage.serves(line)),
    ])
  },
  'what came before the line is ended is answered': async (stage, line) => {
    const payment = stage.framed(stage.packed(stage.request('payment')))
    const ten = Array.from({ length: 10 }, () => stage.framed(UNREADABLE))
    const came = await stage.exchange(line, Buffer.concat([payment, ...ten]), 1)
    const right = came.length === 1 && came[0]?.code === '00'
    return finding([...(right ? [] : [`expected 0210 00, came ${inWords(came[0])}`]), ...(await stage.ends(line))])
  },
  'a response is not answered': async (stage, line) => {
    const response = stage.packed({ ...stage.request('echo'), mti: '0810' })
    const came = await stage.exchange(line, stage.framed(response), 0)
    return finding([...came.map((one) => `${inWords(one)} came within ${QUIET_MS} ms`), ...(await stage.serves(line))])
  },
}

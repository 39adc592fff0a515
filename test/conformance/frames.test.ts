// Sections 1 to 3: frames, unreadable messages, 0800, and unsupported MTIs.
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startAkart } from './akart.ts'
import { onTestServer } from '../up.ts'
import { openLine, type Answer } from './line.ts'
import { ruleFaults } from './rules.ts'
import { openStage } from './story.ts'
import { openTill } from './till.ts'
import { encode, frame, type Fields, type Message } from './wire.ts'

const akart = await startAkart(await onTestServer(t))
const stage = openStage(akart)
const till = await openTill(akart, 'DEMO0001')
t.teardown(async () => {
  stage.close()
  till.line().end()
  await akart.remove()
})

const echo = (): Message => till.message('0800', { 42: undefined, 12: undefined, 13: undefined, 70: '301' })
const card = akart.card('sold')
const money: Fields = { 3: '006000', 4: '000000000100', 22: '022', 35: card.track2, 49: '985' }
const payment = (): Message => till.message('0200', money)
const code = (answer: Answer | undefined): string => `${answer?.mti ?? 'silence'} ${answer?.fields[39] ?? ''}`.trim()
const serves = async (t: Test, line = till.line()): Promise<void> => {
  const request = echo()
  t.equal(code(await line.ask(request, encode(request))), '0810 00', 'the line still serves')
  t.equal(await line.next(0), undefined, 'and nothing else came')
}

t.test('frames', async (t) => {
  t.test('byte by byte', async (t) => {
    const line = await openLine(akart.address())
    const request = payment()
    const whole = frame(encode(request))
    for (const byte of whole.subarray(0, -1)) {
      line.write(Buffer.from([byte]))
      await wait(0)
    }
    line.write(whole.subarray(-1))
    const answer = await line.next()
    t.equal(code(answer), '0210 00')
    line.end()
  })
  t.test('three hundred in one segment, each answered once', async (t) => {
    const line = await openLine(akart.address())
    const requests = Array.from({ length: 300 }, echo)
    line.write(Buffer.concat(requests.map((request) => frame(encode(request)))))
    const stans: string[] = []
    for (const _ of requests) stans.push((await line.next())?.fields[11] ?? 'silence')
    t.same(stans.toSorted(), requests.map((request) => request.fields[11] ?? '').toSorted())
    t.equal(await line.next(50), undefined)
    line.end()
  })
  t.test('cut at every place', async (t) => {
    const line = await openLine(akart.address())
    const length = frame(encode(echo())).length
    for (let cut = 1; cut < length; cut += 5) {
      const whole = Buffer.concat([frame(encode(echo())), frame(encode(echo()))])
      line.write(whole.subarray(0, cut))
      await wait(1)
      line.write(whole.subarray(cut))
      t.same([code(await line.next()), code(await line.next())], ['0810 00', '0810 00'], `cut at ${cut}`)
    }
    line.end()
  })
  t.test('a keep-alive is ignored', async (t) => {
    till.line().write(Buffer.alloc(2 * 15))
    await serves(t)
  })
  t.test('a large frame below maxFrame is read', async (t) => {
    const request = echo()
    const large = {
      ...request,
      fields: { ...request.fields, 59: 'x'.repeat(999), 60: 'y'.repeat(999), 61: 'z'.repeat(999) },
    }
    const answer = await till.send(large)
    t.equal(answer.mti, '0810')
  })
  for (const [title, head] of [
    ['a length of 4097', '1001'],
    ['a length of 65535', 'ffff'],
  ] as const) {
    t.test(`${title} ends that line, and no other`, async (t) => {
      const line = await openLine(akart.address())
      const request = echo()
      t.equal(code(await line.ask(request, encode(request))), '0810 00')
      line.write(Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(4097, 0x30)]))
      t.ok(await line.closes(), 'closed')
      t.equal(await line.next(0), undefined, 'unanswered')
      await serves(t)
    })
  }
  t.test('a line that ends in the middle of a frame hurts nobody', async (t) => {
    const line = await openLine(akart.address())
    line.write(frame(encode(payment())).subarray(0, 40))
    await wait(5)
    line.end()
    await serves(t)
  })
})

t.test('unreadable messages', async (t) => {
  const unreadable = ['', 'X', '02', '0200', '0200\0\0\0', 'ABCD\0\0\0\0\0\0\0\0', '02X0\0\0\0\0\0\0\0\0rest'].slice(1)
  const send = (line: { write: (bytes: Buffer) => void }, count: number): void => {
    for (let index = 0; index < count; index += 1)
      line.write(frame(Buffer.from(unreadable[index % unreadable.length] ?? '', 'latin1')))
  }
  t.test('are not answered, and nine are endured', async (t) => {
    const line = await openLine(akart.address())
    for (const _ of [1, 2, 3]) {
      send(line, 9)
      await serves(t, line)
    }
    line.end()
  })
  t.test('ten in a row end the line', async (t) => {
    const line = await openLine(akart.address())
    send(line, 10)
    t.ok(await line.closes(), 'closed')
    t.equal(await line.next(0), undefined, 'unanswered')
    await serves(t)
  })
  t.test('a secondary bitmap announced and absent', async (t) => {
    till.line().write(frame(Buffer.from('0200\x80\0\0\0\0\0\0\0', 'latin1')))
    const answer = await till.line().next(100)
    t.ok(['silence', '0210 30'].includes(code(answer)), code(answer))
    await serves(t)
  })
})

t.test('malformed messages are answered 30 with the field', async (t) => {
  const track = card.track2
  const rows: readonly (readonly [
    title: string,
    raw: Readonly<Record<number, string>>,
    field: RegExp,
    echoed: readonly number[],
  ])[] = [
    ['track 2 longer than 37', { 35: `38${track.padEnd(38, '0')}` }, /^F035 /, [3, 7, 11, 12, 13]],
    ['a length that is no number', { 35: `A3${track}` }, /^F035 /, [3, 7, 11, 12, 13]],
    ['a negative length', { 35: `-1${track}` }, /^F035 /, [3, 7, 11, 12, 13]],
    ['a letter in track 2', { 35: `33${track.slice(0, 20)}X${track.slice(21)}` }, /^F035 /, [3, 7, 11, 12, 13]],
    ['letters in the STAN', { 11: '00A017' }, /^F011 /, [3, 7]],
    ['spaces in the STAN', { 11: '    17' }, /^F011 /, [3, 7]],
    ['letters in the currency', { 49: 'PLN' }, /^F049 /, [3, 7, 11, 12, 13, 41, 42]],
    ['letters in the entry mode', { 22: '02X' }, /^F022 /, [3, 7, 11, 12, 13]],
    ['letters in the processing code', { 3: '00600O' }, /^F003 /, []],
    ['DE59 that ends too early', { 59: '999short' }, /^F059 /, [3, 7, 11, 12, 13, 41, 42]],
    ['DE59 without its length', { 59: '01' }, /^F059 /, [3, 7, 11, 12, 13, 41, 42]],
    ['two bytes left over', { 59: '001xyz' }, /^F\d{3}/, [3, 7, 11, 12, 13, 41, 42]],
  ]
  for (const [title, raw, field, echoed] of rows) {
    const request = payment()
    till.line().write(frame(encode(request, raw)))
    const answer = await till.line().next()
    t.equal(code(answer), '0210 30', title)
    t.match(answer?.fields[44], field, `${title}: DE44`)
    const lost = echoed.filter((de) => request.fields[de] !== answer?.fields[de])
    t.same(lost, [], `${title}: what was read is echoed`)
    t.equal(answer?.fields[54] ?? answer?.fields[38], undefined, `${title}: no money`)
  }
  await serves(t)
})

t.test('every cut of a payment after its bitmap is answered 30', async (t) => {
  const whole = encode(payment())
  const answers: string[] = []
  for (let length = 12; length < whole.length; length += 1) {
    till.line().write(frame(whole.subarray(0, length)))
    const answer = await till.line().next()
    const named = /^F\d{3} ./.test(answer?.fields[44] ?? '')
    answers.push(`${code(answer)}${named ? '' : ` without a field after ${length} bytes`}`)
  }
  t.same([...new Set(answers)], ['0210 30'])
  await serves(t)
})

t.test('an amount with a letter moves nothing', async (t) => {
  const request = payment()
  till.line().write(frame(encode(request, { 4: '0000000A0100' })))
  const answer = await till.line().next()
  t.ok(['0210 30', '0210 13'].includes(code(answer)), code(answer))
})

t.test('mandatory fields', async (t) => {
  const original = payment()
  await till.send(original)
  const names90 = { 3: '006000', 90: `0200${original.fields[11]}${original.fields[7]}${'0'.repeat(22)}` }
  const rows: readonly (readonly [mti: string, fields: Fields, mandatory: readonly number[]])[] = [
    ['0200', money, [3, 4, 7, 11, 12, 13, 22, 41, 42, 49]],
    ['0220', money, [3, 4, 7, 11, 12, 13, 22, 41, 42, 49]],
    ['0100', { 3: '316000', 22: '022', 35: card.track2 }, [3, 7, 11, 12, 13, 22, 41, 42]],
    ['0202', names90, [3, 7, 11, 12, 13, 41, 42, 90]],
    ['0400', names90, [3, 7, 11, 12, 13, 41, 42, 90]],
    ['0420', names90, [3, 7, 11, 12, 13, 41, 42, 90]],
    ['0800', { 70: '301' }, [7, 11, 41, 70]],
  ]
  for (const [mti, fields, mandatory] of rows) {
    for (const de of mandatory) {
      const request = till.message(mti, { ...fields, [de]: undefined })
      till.line().write(frame(encode(request)))
      // an answer with DE11 and DE41 of its request is still a stray here: nobody asked by them
      const answer = await till.line().next()
      const faults = answer === undefined ? ['silence'] : ruleFaults(request, answer)
      t.same(
        [...faults, answer?.fields[39], answer?.fields[44]?.slice(0, 4)],
        ['30', `F${String(de).padStart(3, '0')}`],
        `${mti} without DE${de}`,
      )
    }
  }
  const noCard = await till.send(till.message('0200', { ...money, 35: undefined }))
  t.equal(code(noCard), '0210 30', 'a payment without a card')
  const optional = await till.send(
    till.message('0100', { 3: '316000', 22: '022', 35: card.track2, 4: undefined, 49: undefined }),
  )
  t.equal(code(optional), '0110 00', 'a balance inquiry needs neither DE4 nor DE49')
  await serves(t)
})

t.test('0800', async (t) => {
  const rows: readonly (readonly [title: string, mti: string, fields: Fields, answer: string])[] = [
    ['sign-on', '0800', { 70: '001' }, '0810 00'],
    ['echo', '0800', { 70: '301' }, '0810 00'],
    ['its repeat', '0801', { 70: '301' }, '0810 00'],
    ['with the least', '0800', { 70: '301', 12: undefined, 13: undefined, 42: undefined }, '0810 00'],
    ['with DE59', '0800', { 70: '301', 59: 'line 7' }, '0810 00'],
    ['sign-off', '0800', { 70: '002' }, '0810 00'],
    ['sign-on again', '0800', { 70: '001' }, '0810 00'],
    ['of an unknown terminal', '0800', { 70: '301', 41: 'NOSUCH01' }, '0810 58'],
    ['sign-on of an unknown terminal', '0800', { 70: '001', 41: 'NOSUCH01' }, '0810 58'],
  ]
  for (const [title, mti, fields, expected] of rows) {
    const request = till.message(mti, fields)
    const answer = await till.send(request)
    t.same([code(answer), ...ruleFaults(request, answer)], [expected], title)
  }
})

t.test('DE59 comes back unaltered', async (t) => {
  for (const text of ['x'.repeat(999), ' led and followed by spaces ', '~!@#$%^&*()_+{}|:"<>?`-=[];,./', '0']) {
    const request = till.message('0100', { 3: '316000', 22: '022', 35: card.track2, 59: text })
    const answer = await till.send(request)
    t.same([code(answer), ...ruleFaults(request, answer)], ['0110 00'], `${text.length} characters`)
  }
})

t.test('an 0100 never moves money', async (t) => {
  const untouched = akart.card('sold')
  const answer = await till.send(till.message('0100', { ...money, 35: untouched.track2 }))
  t.ok(['0110 12', '0110 30'].includes(code(answer)), code(answer))
  const after = await till.send(till.message('0100', { 3: '316000', 22: '022', 35: untouched.track2 }))
  t.match(after.fields[54], /6002985C000000015000$/)
})

t.test('an MTI that is not in the table is answered 12', async (t) => {
  const rows: readonly (readonly [mti: string, response: string])[] = [
    ['0300', '0310'],
    ['0301', '0310'],
    ['0120', '0130'],
    ['0121', '0130'],
    ['0302', '0312'],
    ['0303', '0312'],
    ['0340', '0350'],
    ['0820', '0830'],
    ['0900', '0910'],
    ['1200', '1210'],
    ['2200', '2210'],
  ]
  for (const [mti, response] of rows) {
    const request = till.message(mti, money)
    const answer = await till.send(request)
    t.same([code(answer), ...ruleFaults(request, answer)], [`${response} 12`], mti)
  }
})

t.test('responses sent to the switch are ignored', async (t) => {
  for (const mti of ['0110', '0210', '0212', '0230', '0410', '0430', '0810', '0310', '0210', '0210', '0210', '0210']) {
    till.line().write(frame(encode(till.message(mti, { ...money, 39: '00' }))))
  }
  t.equal(await till.line().next(100), undefined, 'unanswered')
  await serves(t)
})

t.test('a secondary bitmap of zeros is accepted', async (t) => {
  const request = till.message('0100', { 3: '316000', 22: '022', 35: card.track2 })
  t.equal(code(await till.line().ask(request, encode(request, {}, true))), '0110 00')
})

await stage.play(
  t,
  '0200 is accepted for a balance inquiry, 0101 as its repeat',
  `
    A=balance sold 49=985           -> 00 150/150
    repeat A                        -> same`,
)
t.test('a balance inquiry as 0200', async (t) => {
  const request = till.message('0200', { 3: '316000', 22: '022', 35: akart.card('sold').track2, 49: '985' })
  const answer = await till.send(request)
  t.same([code(answer), ...ruleFaults(request, answer)], ['0210 00'])
  const again = await till.send({ ...request, mti: '0201' })
  t.ok(again.bytes.equals(answer.bytes), 'its repeat')
})

t.test('one line carries many terminals, and answers in any order', async (t) => {
  const other = akart.terminal('DEMO0006')
  const requests = Array.from({ length: 20 }, (_, index) => {
    const fields = index % 2 === 0 ? {} : { 41: other.terminal, 42: other.store }
    return till.message('0100', { 3: '316000', 22: '022', 35: card.track2, ...fields })
  })
  const answers = await Promise.all(requests.map((request) => till.send(request)))
  const faults = requests.flatMap((request, index) => ruleFaults(request, answers[index] as Answer))
  t.same([...new Set(answers.map(code)), ...faults], ['0110 00'])
})

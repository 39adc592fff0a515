import t from 'tap'
import { loggable, maskPan } from '../../src/iso8583/mask.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { isRepeat, isRequest, mtiParts, responseMti, withoutRepeat } from '../../src/iso8583/mti.ts'

void t.test('the message table of the terminal interface', async (t) => {
  const ROWS = [
    ['0100', '0101', '0110'],
    ['0200', '0201', '0210'],
    ['0202', '0203', '0212'],
    ['0220', '0221', '0230'],
    ['0400', '0401', '0410'],
    ['0420', '0421', '0430'],
    ['0500', '0501', '0510'],
    ['0520', '0521', '0530'],
    ['0600', '0601', '0610'],
    ['0800', '0801', '0810'],
    // not in the table, but readable
    ['0240', '0241', '0250'],
    ['9989', '9989', '9998'],
  ] as const
  for (const [request, repeat, response] of ROWS) {
    t.equal(responseMti(request), response)
    t.equal(responseMti(repeat), response)
    t.ok(isRequest(request) && isRequest(repeat) && !isRequest(response), request)
    t.ok(isRepeat(repeat) && !isRepeat(response), repeat)
    t.equal(withoutRepeat(repeat), request === '9989' ? '9988' : request)
  }
})

void t.test('the parts of an MTI', async (t) => {
  t.same(mtiParts('0200'), { version: 0, class: 'financial', function: 'request', origin: 0, repeat: false })
  t.same(mtiParts('0203'), { version: 0, class: 'financial', function: 'request', origin: 2, repeat: true })
  t.same(mtiParts('0421'), { version: 0, class: 'reversal', function: 'advice', origin: 0, repeat: true })
  t.same(mtiParts('0810'), {
    version: 0,
    class: 'network management',
    function: 'request response',
    origin: 0,
    repeat: false,
  })
  t.same(mtiParts('1794'), { version: 1, class: null, function: null, origin: 4, repeat: false })
})

void t.test('numbers are shown as first six and last four', async (t) => {
  t.equal(maskPan('6299100000000047'), '629910******0047')
  t.equal(maskPan('6299100000000000047'), '629910*********0047')
  t.equal(maskPan('5901234123457'), '*********3457')
  t.equal(maskPan('12345678'), '********')
  t.equal(maskPan(''), '')
})

void t.test('nothing secret is loggable', async (t) => {
  const number = '6299100000000047'
  const message: Message = {
    mti: '0200',
    fields: {
      2: number,
      3: '006000',
      34: number,
      35: `${number}=49127220001234567`,
      36: `${number}=1`,
      37: '632617000017',
      41: 'DEMO0001',
      43: `SHOP ${number}`,
      45: `B${number}^GIFT^4912722`,
      48: `${number}`,
      52: '0011223344556677',
      53: '0011223344556677',
      54: '6001985C000000015000',
      55: '5712629910000000004 7',
      59: `ticket 17 ${number}`,
      62: 'ABCD-EFGH-JKLM-NPQR',
      64: 'AABBCCDDEEFF0011',
      90: '020000001711221730050000000000000000000000',
      96: '0011223344556677',
      102: number,
      103: '6299100000000054',
      120: `x${number}x`,
      49: undefined,
    },
  }
  t.same(loggable(message), {
    0: '0200',
    2: '629910******0047',
    3: '006000',
    34: '629910******0047',
    35: '(hidden)',
    36: '(hidden)',
    37: '632617000017',
    41: 'DEMO0001',
    43: 'SHOP 629910******0047',
    45: '(hidden)',
    48: '629910******0047',
    52: '(hidden)',
    53: '(hidden)',
    54: '6001985C000000015000',
    55: '(hidden)',
    59: 'ticket 17 629910******0047',
    62: '(hidden)',
    64: 'AABBCCDDEEFF0011',
    90: '020000001711221730050000000000000000000000',
    96: '(hidden)',
    102: '629910******0047',
    103: '629910******0054',
    120: 'x629910******0047x',
  })
  t.equal(loggable({ mti: '0810', fields: { 48: 'D0112M6AC00E0000ABCDEF' } })['48'], '(hidden)')
})

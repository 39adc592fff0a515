// The rules of sections 3 and 6 for every answer: echoes, mandatory and forbidden elements.
import type { Answer } from './line.ts'
import type { Message } from './wire.ts'

/** Section 6: the reasons each response code can have in DE44. A code that lists none has none. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  '00': ['CASE'],
  '03': ['STORE'],
  '10': [],
  '12': [],
  '13': ['AMOUNT', 'MIN', 'MAX', 'STEP', 'NOMINAL'],
  '14': [],
  '21': ['SPENT', 'DONE', 'REVERSED', 'LATE'],
  '25': ['CASE'],
  '30': [],
  '41': [],
  '43': [],
  '51': [],
  '54': [],
  '55': [],
  '57': ['ENTRY', 'ISSUE', 'STORE', 'TOPUP', 'REFUND'],
  '58': ['TERMINAL', 'SIGNON'],
  '61': ['BALANCE', 'AMOUNT'],
  '62': ['BLOCKED'],
  '63': ['MAC'],
  '64': [],
  '65': ['COUNT'],
  '78': ['UNSOLD', 'PACK', 'SOLD', 'CHECK'],
  '94': [],
}
const reasonIsOptional = new Set(['00', '25'])

/** Section 3: "the third digit raised by one and the repeat bit cleared". */
export const responseMti = (mti: string): string =>
  mti.slice(0, 2) + String(Number(mti[2]) + 1) + String(Number(mti[3]) & ~1)

/** Elements that the response column knows; DE48 only with a key block in an 0810, DE64 and 128 only with a MAC. */
const inResponses = new Set([3, 4, 7, 11, 12, 13, 37, 38, 39, 41, 42, 44, 48, 49, 54, 59, 63, 64, 70, 128])
const echoed = [3, 7, 11, 12, 13, 41, 42, 49, 59, 70]
const echoedWith30 = [3, 7, 11, 12, 13, 41, 42]

const isFinancial = (request: Message): boolean =>
  request.mti.startsWith('02') && /[01]$/.test(request.mti) && !/^3[01]/.test(request.fields[3] ?? '')

const moneyApproved = (answer: Answer): boolean => answer.fields[39] === '00' || answer.fields[39] === '10'
const hasCard = (request: Message): boolean => [2, 35, 45].some((de) => request.fields[de] !== undefined)

/** Section 3: nothing but a number that was keyed or scanned. */
const isByNumberAlone = ({ fields }: Message): boolean => /^0[13]/.test(fields[22] ?? '') && fields[62] === undefined

/** "When the card was found and its holder is believed"; codes for which the page leaves that open are not here. */
const showsBalances = new Set(['00', '10', '13', '51', '54', '57', '61', '62', '78'])
const neverBalances = new Set(['03', '14', '30', '55', '58', '63', '75', '94'])

const echoFaults = (request: Message, answer: Answer): readonly string[] => {
  const with30 = answer.fields[39] === '30'
  const wrong = (with30 ? echoedWith30 : echoed).filter((de) => request.fields[de] !== answer.fields[de])
  const extra = Object.keys(answer.fields).filter((de) => !inResponses.has(Number(de)))
  const reference = request.fields[37] !== undefined && answer.fields[37] !== request.fields[37] ? [37] : []
  return [
    ...[...wrong, ...reference].map(
      (de) => `DE${de} '${answer.fields[de] ?? 'absent'}' is not '${request.fields[de] ?? 'absent'}'`,
    ),
    ...extra.map((de) => `DE${de} in a response`),
  ]
}

const codeFaults = (answer: Answer): readonly string[] => {
  const code = answer.fields[39] ?? 'absent'
  const reason = answer.fields[44]
  if (code === '30')
    return /^F\d{3}( .+)?$/.test(reason ?? '') ? [] : [`DE44 of a 30 is '${reason ?? 'absent'}', not Fnnn`]
  const known = reasons[code]
  if (known === undefined) return [`DE39 ${code} is not in section 6`]
  if (reason === undefined)
    return known.length === 0 || reasonIsOptional.has(code) ? [] : [`DE44 is missing with ${code}`]
  return known.includes(reason) ? [] : [`DE44 '${reason}' does not belong to ${code}`]
}

const amountFaults = (request: Message, answer: Answer): readonly string[] => {
  const amount = answer.fields[4]
  if (isFinancial(request) && moneyApproved(answer)) {
    return [
      ...(/^\d{12}$/.test(amount ?? '') && Number(amount) > 0 ? [] : ['DE4 is missing in an approval']),
      ...(/^[A-Za-z0-9 ]{6}$/.test(answer.fields[38] ?? '') ? [] : ['DE38 is missing in an approval']),
    ]
  }
  if (answer.mti === '0410' && moneyApproved(answer))
    return amount === undefined ? ['DE4 is missing in an 0410 00'] : []
  return [
    ...(Number(amount ?? 0) === 0 ? [] : [`DE4 ${amount} where nothing was approved`]),
    ...(answer.fields[38] === undefined ? [] : ['DE38 where no money was approved']),
  ]
}

const balanceFaults = (request: Message, answer: Answer): readonly string[] => {
  const code = answer.fields[39] ?? ''
  const balances = answer.fields[54]
  const never = neverBalances.has(code) || ['0212', '0430', '0810'].includes(answer.mti)
  if (never) return balances === undefined ? [] : [`DE54 in ${answer.mti} ${code}`]
  if (answer.fields[44] === 'ENTRY' && isByNumberAlone(request))
    return balances === undefined ? [] : ['DE54 with 57 ENTRY by number alone']
  const due = ['0110', '0210', '0410'].includes(answer.mti) && showsBalances.has(code) && hasCard(request)
  return due && balances === undefined ? [`DE54 is missing in ${answer.mti} ${code}`] : []
}

/** "E, or given by the switch": an 0800 has none, and a 30 echoes what was read. */
const referenceFaults = (answer: Answer): readonly string[] => {
  const due = answer.mti !== '0810' && answer.fields[39] !== '30'
  return due && !/^[A-Za-z0-9 ]{12}$/.test(answer.fields[37] ?? '') ? ['DE37 is missing'] : []
}

/** Everything in which an answer breaks the tables; empty when it keeps them. */
export const ruleFaults = (request: Message, answer: Answer): readonly string[] => [
  ...(answer.mti === responseMti(request.mti) ? [] : [`MTI ${answer.mti} to ${request.mti}`]),
  ...echoFaults(request, answer),
  ...codeFaults(answer),
  ...amountFaults(request, answer),
  ...balanceFaults(request, answer),
  ...referenceFaults(answer),
  ...(answer.fields[48] === undefined ? [] : ['DE48 without a key exchange']),
]

export type Balances = {
  readonly ledger?: number
  readonly available?: number
  readonly asked?: number
  readonly faults: readonly string[]
}

/** Reads DE54: groups of 20 in the order 01, 02, 57, account type 60, PLN, never below zero. */
export const readBalances = (text: string): Balances => {
  const groups = text.match(/.{1,20}/g) ?? []
  const types = groups.map((group) => group.slice(2, 4))
  const shape = groups.every(
    (group) => /^60(01|02|57)985[CD]\d{12}$/.test(group) && (group.slice(2, 4) === '57' || group[7] === 'C'),
  )
  const amount = (type: string): number => Number(groups[types.indexOf(type)]?.slice(8))
  const order = ['01,02', '01,02,57'].includes(types.join(','))
  return {
    ledger: amount('01'),
    available: amount('02'),
    asked: amount('57'),
    faults: shape && order ? [] : [`DE54 '${text}' is not in the order 01 02 57 of account 60 in 985`],
  }
}

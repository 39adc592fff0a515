import type { RuleName } from './rules.ts'

/** The host's deliberate faults. */
export const acts = [
  'answer',
  'decline',
  'try again',
  'slow',
  'silent',
  'half',
  'cut',
  'garbage',
  'another',
  'wrong mac',
  'part',
  'late',
] as const
export type Act = (typeof acts)[number]

/** One after the other; the last one for all that follow. */
type Acts = readonly [Act, ...Act[]]

export type Situation = {
  readonly title: string
  /** The instruction to the person at the terminal. */
  readonly tell: string
  /** The request and its repeats, confirmations and reversals. */
  readonly request: Acts
  readonly confirmation?: Acts
  readonly reversal?: Acts
  readonly rules: readonly RuleName[]
  /** Only for terminals that have a MAC key, that confirm by 0202, or that take a part of the amount. */
  readonly only?: 'mac' | 'explicit' | 'partial'
}

const PAY = 'Pay any amount, by the stripe.'

export const situations = {
  approved: {
    title: 'a payment is approved',
    tell: PAY,
    request: ['answer'],
    rules: ['confirms', 'neverReverses'],
    only: 'explicit',
  },
  declined: {
    title: 'a payment is declined (51)',
    tell: PAY,
    request: ['decline'],
    rules: ['neverConfirms', 'neverReverses'],
  },
  'try-again': {
    title: 'the host is overloaded (96)',
    tell: PAY,
    request: ['try again', 'answer'],
    rules: ['neverConfirms'],
  },
  slow: {
    title: 'the answer takes its time',
    tell: PAY,
    request: ['slow', 'answer'],
    rules: ['confirms', 'neverReverses'],
    only: 'explicit',
  },
  silence: { title: 'no answer comes', tell: PAY, request: ['silent', 'answer'], rules: ['settles'] },
  late: {
    title: 'the answer comes when the terminal has given up',
    tell: PAY,
    request: ['silent'],
    reversal: ['late', 'answer'],
    rules: ['settles', 'neverConfirms'],
  },
  half: {
    title: 'half an answer comes, and the line ends',
    tell: PAY,
    request: ['half', 'answer'],
    rules: ['settles'],
  },
  cut: { title: 'the line ends instead of an answer', tell: PAY, request: ['cut', 'answer'], rules: ['settles'] },
  garbage: {
    title: 'an answer comes that cannot be read',
    tell: PAY,
    request: ['garbage', 'answer'],
    rules: ['settles'],
  },
  another: {
    title: 'the answer to another request comes (other DE11)',
    tell: PAY,
    request: ['another', 'answer'],
    rules: ['settles'],
  },
  'wrong-mac': {
    title: 'the answer has a wrong MAC',
    tell: PAY,
    request: ['wrong mac', 'answer'],
    rules: ['settles'],
    only: 'mac',
  },
  'silent-reversal': {
    title: 'neither the payment nor its reversal is answered',
    tell: PAY,
    request: ['silent'],
    reversal: ['silent', 'silent', 'answer'],
    rules: ['settles', 'insistsOnReversal'],
  },
  'cut-reversal': {
    title: 'the line ends instead of the answer to a reversal',
    tell: PAY,
    request: ['silent'],
    reversal: ['cut', 'answer'],
    rules: ['settles', 'insistsOnReversal'],
  },
  'silent-confirmation': {
    title: 'the confirmation is not answered',
    tell: PAY,
    request: ['answer'],
    confirmation: ['silent', 'answer'],
    rules: ['confirms', 'insistsOnConfirmation'],
    only: 'explicit',
  },
  partial: {
    title: 'a payment is approved for less',
    tell: 'Pay more than 1.00, by the stripe.',
    request: ['part'],
    rules: ['confirms'],
    only: 'partial',
  },
} as const satisfies Record<string, Situation>

export type SituationName = keyof typeof situations
export const situationNames = Object.keys(situations) as SituationName[]

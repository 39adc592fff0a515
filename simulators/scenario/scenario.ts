import type { CardState } from '../demo/cards.ts'
import type { Bitmap } from '../terminal/dialect.ts'
import type { Entry, FollowUp, OperationName } from '../terminal/operations.ts'
import type { Confirmation, MacMethod } from '../demo/terminals.ts'
import type { Section } from './sections.ts'

/**
 * A card that the run has to find among the demo cards: of this issue, in this state, and not used yet. `given`: the so manieth
 * card of `--cards`, where that is named; `host`: the `place`th of a host that the scenario starts.
 */
export type CardInput = {
  name: string
  line: number
  issue: string
  state: CardState
  given: number | null
  host: string | null
  place: number
}

/** A terminal by another name: the one called `was`, where there is one, else the first that is so and was not taken yet. */
export type TerminalInput = {
  name: string
  line: number
  was: string | null
  confirmation: Confirmation | null
  mac: MacMethod | null
}

/** A host behind the switch, that is there while the scenario is played. */
export type HostInput = {
  name: string
  line: number
  port: number
  prefix: string
  profile: string
  rules: string[]
  signOn: boolean
}

/** The expected value of one element of an answer; a list means one of these. */
export type Matcher =
  | { kind: 'text'; value: string }
  | { kind: 'pattern'; pattern: RegExp }
  | { kind: 'present' }
  | { kind: 'absent' }
  | { kind: 'amount'; minor: number }
  | { kind: 'balances'; amounts: { type: string; name: string; minor: number }[] }

/** The expected answer. `unread`: nobody waits for it; `unsent`: it is built and stored, and sent later or never. */
export type Expectation =
  | { kind: 'answer'; mti: string | null; fields: { de: number; oneOf: Matcher[] }[]; identical: boolean; mac: boolean }
  | { kind: 'none' }
  | { kind: 'closed' }
  | { kind: 'unread' }
  | { kind: 'unsent' }

/** The base of a step's message. */
export type Origin =
  | { kind: 'send'; operation: OperationName }
  /** Only the step's elements and those of every message. */
  | { kind: 'message' }
  | { kind: 'follow'; how: FollowUp; of: string }
  | { kind: 'repeat'; of: string; plain: boolean }

/** `$pay.37` or `$pay.request.11`: a data element of an earlier step's answer or request. */
export type Value =
  | { kind: 'text'; text: string }
  | { kind: 'field'; of: string; side: 'answer' | 'request'; de: number }

/** The random parts, drawn each time a step is played; empty ones are as the step says. */
export type Draws = {
  terminals: readonly string[]
  cards: readonly string[]
  entries: readonly Entry[]
  /** Minor units, both within. */
  amount: { least: number; most: number } | null
}

export type TalkStep = {
  kind: 'talk'
  draws: Draws
  line: number
  title: string
  origin: Origin
  terminal: string | null
  wire: string | null
  card: string | null
  /** The card whose number is in DE103. */
  onto: string | null
  entry: Entry
  amount: number | null
  /** Null: that of the run. */
  currency: string | null
  flags: string | null
  mti: string | null
  fields: { de: number; value: Value }[]
  remove: number[]
  bitmap: Bitmap
  mac: 'right' | 'wrong' | 'left out'
  /** The key exchange whose key signs the message; null: the terminal's present key. */
  under: string | null
  as: string | null
  timeoutMs: number | null
  expect: Expectation
}

export type BytesStep = {
  kind: 'bytes'
  line: number
  title: string
  bytes: Buffer
  terminal: string | null
  wire: string | null
  timeoutMs: number | null
  expect: Expectation
}

export type WaitStep = { kind: 'wait'; line: number; title: string; ms: number }
export type CloseStep = { kind: 'close'; line: number; title: string; wire: string; how: 'close' | 'reset' }
/** Steps started at the same moment; `tally` is the expected number of answers by code. */
export type TogetherStep = {
  kind: 'together'
  line: number
  title: string
  steps: (TalkStep | BytesStep)[]
  tally: { code: string; counts: number[] }[]
}

/** The expected case about a request; null: none. */
export type CaseInput = {
  of: string
  line: number
  wanted: { reason: string | null; closed: string | null; claim: string | null } | null
}
export type CasesStep = { kind: 'cases'; line: number; title: string; wishes: CaseInput[] }
/** A clerk decides the cases about these requests. */
export type DecideStep = {
  kind: 'decide'
  line: number
  title: string
  decisions: { of: string; decision: 'confirm' | 'reverse' }[]
}

/** A clerk clears this card for sale after a look-up. */
export type ClearStep = { kind: 'clear'; line: number; title: string; card: string }

/** Steps played so many times. */
export type LoopStep = { kind: 'loop'; line: number; title: string; times: number; steps: Step[] }

/** From here on a terminal's clock, or all of them, is wrong by so much. */
export type ClockStep = { kind: 'clock'; line: number; title: string; terminal: string | null; ms: number }

/**
 * The behaviour of the network between terminals and switch from here on: rules of the gremlin, or `up`, `down`,
 * `flapping`.
 */
export type NetworkStep = { kind: 'network'; line: number; title: string; rules: string[]; state: string | null }

/** The behaviour of a host of the scenario from here on, and the requests that it must have received by now. */
export type HostStep = {
  kind: 'host'
  line: number
  title: string
  host: string
  rules: string[] | null
  state: string | null
  received: { mti: string; counts: number[] }[]
}

export type EventStep = ClockStep | NetworkStep | HostStep

export type Step =
  | TalkStep
  | BytesStep
  | WaitStep
  | CloseStep
  | TogetherStep
  | CasesStep
  | DecideStep
  | ClearStep
  | LoopStep
  | EventStep

export type Scenario = {
  file: string
  title: string
  /** The section of docs/spec/terminal.md that it tests; null: none given. */
  section: Section | null
  timeoutMs: number
  /** The confirm timer of the switch that the story was written for, in ms; null: it does not matter. */
  confirmTimeoutMs: number | null
  /** The seed of random draws; null: another one each time. */
  seed: number | null
  terminals: TerminalInput[]
  hosts: HostInput[]
  cards: CardInput[]
  steps: Step[]
}

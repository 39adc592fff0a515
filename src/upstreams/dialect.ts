import type { TerminalOperation } from '../core/operations.ts'
import { isApproved, type Result } from '../core/result.ts'
import type { HostAnswer } from '../core/routed.ts'
import { KIND } from '../core/key.ts'
import type { Transaction } from '../core/transaction.ts'
import type { Fields, Message } from '../iso8583/message.ts'
import type { Acknowledged, Codes, FollowUp, FixedFields, Known, UpstreamKind } from './kind.ts'

/** The differences between the dialects of hosts that speak ISO 8583:1987. */
export type Dialect<Served extends TerminalOperation> = {
  readonly operations: Readonly<Record<Served, string | null>>
  readonly confirms: boolean
  /** Data elements of our terminal's request that go on to the host unaltered, beside those that every request has. */
  readonly passes: readonly number[]
  readonly codes: Codes
  /**
   * The values of DE 39 with which the host acknowledges a reversal or a confirmation, unless DE 44 says that it opened
   * a case.
   */
  readonly acknowledges: Readonly<Record<FollowUp['kind'], readonly string[]>>
}

/** 21: it stands otherwise there; 25: there it is not. The next repeat would be answered the same. */
const FINAL: ReadonlySet<string> = new Set(['21', '25'])
const CASE = 'CASE'

/** Builds the messages to an upstream of a dialect; the data elements are those of ISO 8583:1987, table 5. */
export function kindOf<Served extends TerminalOperation>(
  dialect: Dialect<Served>,
): UpstreamKind & Pick<Dialect<Served>, 'operations'> {
  const { operations, confirms, passes, codes } = dialect
  const wanted: UpstreamKind['operations'] = operations
  const processingCode = ({ operation, labels }: Transaction): string =>
    (operation === null ? null : wanted[operation as TerminalOperation]) ?? labels.processingCode

  return {
    operations,
    confirms,
    request({ message, row, routed, original }, fixed) {
      const { fields } = message
      const passed = Object.fromEntries(passes.map((de) => [de, fields[de]]))
      const about = original === null ? {} : cancelling(original)
      return withFixed(fixed, `0${row.key.kind}`, {
        ...passed,
        3: original === null ? processingCode(row) : processingCode(original.row),
        ...about,
        ...sent(routed.stan, routed.transmitted),
        12: fields[12],
        13: fields[13],
        37: row.labels.rrn,
        41: row.key.terminal,
        42: row.key.store,
        49: fields[49] ?? currencyOf(original?.row ?? row),
      })
    },
    followUp({ kind, repeat, stan, transmitted, original }, fixed) {
      const { row, routed } = original
      const isReversal = kind === KIND.reversal
      return withFixed(fixed, `0${kind + (repeat ? 1 : 0)}`, {
        3: processingCode(row),
        ...(isReversal ? { 4: amountText(askedOf(row)), 49: currencyOf(row) } : {}),
        ...sent(stan, transmitted),
        12: row.labels.localTime.slice(4) || timeOf(transmitted),
        13: row.labels.localTime.slice(0, 4) || dateOf(transmitted),
        37: row.labels.rrn,
        41: row.key.terminal,
        42: row.key.store,
        90: de90(row.key.kind, routed.stan, routed.transmitted),
      })
    },
    read: (answer, currency) => readAnswer(answer, codes, currency),
    acknowledges({ fields }, kind): Acknowledged {
      const [code = 'missing', reason = ''] = [fields[39], fields[44]?.trimEnd()]
      const accepted = dialect.acknowledges[kind].includes(code)
      if (accepted && reason !== CASE) return { acknowledged: true }
      return { acknowledged: false, final: accepted || FINAL.has(code), why: `DE39 ${code} ${reason}`.trimEnd() }
    },
  }
}

/** An 0400 carries the amount and the approval code of its original. */
const cancelling = ({ row, routed }: Known): Fields => ({
  4: amountText(row.transfer?.amount ?? 0),
  38: row.labels.approvalCode,
  90: de90(row.key.kind, routed.stan, routed.transmitted),
})

const sent = (stan: number, transmitted: number): Fields => ({
  7: String(transmitted).slice(4),
  11: String(stan).padStart(6, '0'),
})

/** The amount asked for. The amount of an 0400 is not known here; the host knows it by DE 90. */
const askedOf = ({ labels, transfer }: Transaction): number => labels.amount ?? transfer?.amount ?? 0

const amountText = (amount: number): string | undefined => (amount === 0 ? undefined : String(amount).padStart(12, '0'))
const currencyOf = ({ labels }: Transaction): string | undefined =>
  labels.currency === null ? undefined : String(labels.currency).padStart(3, '0')
const timeOf = (transmitted: number): string => String(transmitted).slice(8)
const dateOf = (transmitted: number): string => String(transmitted).slice(4, 8)

/** DE 90: original MTI n4, STAN n6, DE 7 n10, acquirer and forwarder n11 each, not used. */
const de90 = (kind: number, stan: number, transmitted: number): string =>
  `0${kind}${String(stan).padStart(6, '0')}${String(transmitted).slice(4)}${'0'.repeat(22)}`

function withFixed(fixed: FixedFields, mti: string, given: Fields): Message {
  const fields: Fields = {}
  for (const [de, value] of Object.entries(given)) if (value !== undefined) fields[Number(de)] = value
  for (const [de, value] of fixed) fields[de] = value
  return { mti, fields }
}

function readAnswer({ fields }: Message, codes: Codes, currency: number | null): HostAnswer {
  const code = fields[39]
  if (code === undefined) return { outcome: 'silent', code: null }
  const result: Result | 'unsure' = codes[code] ?? 'issue_not_permitted'
  if (result === 'unsure') return { outcome: 'silent', code }
  const balances = balancesIn(fields[54], currency)
  if (!isApproved(result)) return { outcome: 'declined', code, result, balances }
  return {
    outcome: 'approved',
    code,
    amount: fields[4] === undefined ? null : Number(fields[4]),
    approvalCode: fields[38]?.trimEnd() || null,
    reference: fields[37]?.trimEnd() || null,
    balances,
  }
}

const GROUP = /^\d\d(01|02)(\d{3})([CD])(\d{12})/

/** DE 54, groups of 20: ledger (01) and available (02) balance; null unless both are there, in the currency asked for. */
function balancesIn(de54: string | undefined, currency: number | null): Transaction['balances'] {
  const found = new Map<string, number>()
  for (let at = 0; at + 20 <= (de54?.length ?? 0); at += 20) {
    const [, type, of, sign, amount] = GROUP.exec(de54?.slice(at) ?? '') ?? []
    if (type === undefined || sign === 'D' || Number(of) !== (currency ?? Number(of))) continue
    found.set(type, Number(amount))
    currency ??= Number(of)
  }
  const [ledger, available] = [found.get('01'), found.get('02')]
  return ledger === undefined || available === undefined || currency === null ? null : { ledger, available, currency }
}

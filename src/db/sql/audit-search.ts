import { fromInstant, instant, integer, word } from './literal.ts'
import type { Row } from './row.ts'

export type AuditCriteria = {
  readonly from?: number
  readonly until?: number
  readonly who?: string
  readonly action?: string
  readonly object?: string
  readonly outcome?: string
  readonly channel?: string
  readonly before?: number
}

export type AuditView = {
  readonly id: number
  readonly at: number
  readonly who: string
  readonly channel: string
  readonly action: string
  readonly kind: string
  readonly object: string
  readonly store: string | null
  readonly outcome: string
  readonly details: string
  /** Its place in the chain; null: not yet. */
  readonly seq: number | null
}

const prefix = (words: string): string => word(`${words.replace(/[\\%_]/gu, '\\$&')}%`)

type Part<Name extends keyof AuditCriteria> = (value: NonNullable<AuditCriteria[Name]>) => string
const CONDITIONS: { readonly [Name in keyof AuditCriteria]-?: Part<Name> } = {
  from: (at) => `a.at >= ${instant(at)}`,
  until: (at) => `a.at < ${instant(at)}`,
  who: (who) => `a.who = ${word(who)}`,
  action: (action) => `a.action LIKE ${prefix(action)}`,
  object: (id) => `a.object_id = ${word(id)}`,
  outcome: (outcome) => `a.outcome = ${word(outcome)}`,
  channel: (channel) => `a.channel = ${word(channel)}`,
  before: (id) => `a.id < ${integer(id)}`,
}

/** The newest first. */
export function selectAudit(criteria: AuditCriteria, most: number): string {
  const where = (Object.keys(CONDITIONS) as (keyof AuditCriteria)[]).flatMap((name) => {
    const value = criteria[name]
    return value === undefined ? [] : [(CONDITIONS[name] as (value: unknown) => string)(value)]
  })
  return `SELECT a.id, a.at, a.who, a.channel, a.action, a.object_kind, a.object_id, a.store_code, a.outcome, a.details, c.seq
    FROM audit a LEFT JOIN audit_chain c ON c.audit_id = a.id ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
    ORDER BY a.id DESC LIMIT ${integer(most)}`
}

export function toAuditView(row: Row): AuditView {
  const [id, at, who, channel, action, kind, object, store, outcome, details, seq] = row as [
    number, string, string, string, string, string, string, string | null, string, string, number | null,
  ] // prettier-ignore
  return { id, at: fromInstant(at), who, channel, action, kind, object, store, outcome, details, seq }
}

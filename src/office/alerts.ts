import type { WorkerConnection } from '../db/connection.ts'
import { fromInstant } from '../db/sql/literal.ts'
import {
  markSeen,
  raiseAlertRow,
  selectAlert,
  selectAlerts,
  selectSeen,
  toAlert,
  type AlertRow,
} from '../db/sql/alerts.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import type { Page } from './card-lists.ts'
import { inTransaction, type Office } from './office.ts'
import { refused, type Refused, type Words } from './refusal.ts'
import { mayDo } from './rights.ts'

/** The texts of alerts; `{subject}` is the object concerned. */
export const ALERTS = {
  reveals_used_up: {
    en: '{subject} has revealed as many numbers as a person may in a day.',
    pl: '{subject}: wykorzystano dzienny limit odsłonięć numerów.',
  },
  user_mapped: {
    en: 'An operating-system user acts as {subject} on the command line.',
    pl: 'Użytkownik systemu operacyjnego działa w wierszu poleceń jako {subject}.',
  },
  find_misses_used_up: {
    en: '{subject} has looked for too many numbers that are no cards.',
    pl: '{subject}: za dużo wyszukiwań numerów, które nie są kartami.',
  },
  recovery_code_used: {
    en: '{subject} signed in with a recovery code.',
    pl: '{subject}: zalogowano kodem odzyskiwania.',
  },
  pack_killed: {
    en: 'Pack {subject} was killed: none of its unsold cards is good any more.',
    pl: 'Paczkę {subject} unieważniono: żadna z jej niesprzedanych kart nie działa.',
  },
  kiosk_cookie_reused: {
    en: 'Price checker {subject} was revoked: a cookie of it was used in two places.',
    pl: 'Czytnik cen {subject} unieważniono: jego ciasteczka użyto w dwóch miejscach.',
  },
  webhook_failing: {
    en: 'A webhook of {subject} was tried for three days and not taken.',
    pl: 'Webhook {subject} był wysyłany przez trzy dni i nie został przyjęty.',
  },
  welfare_mail_failing: {
    en: 'No mail server takes the mail about a booked welfare batch: {subject}.',
    pl: 'Żaden serwer nie przyjmuje wiadomości o zaksięgowanej partii świadczeń: {subject}.',
  },
  web_enumeration: {
    en: 'Many different unknown card numbers were asked for on the web: {subject}.',
    pl: 'W sieci pytano o wiele różnych nieznanych numerów kart: {subject}.',
  },
  marks_used_up: {
    en: 'Very many unsold cards are asked for: {subject}. For the rest of the hour no more are marked as suspected.',
    pl: 'Ktoś pyta o bardzo wiele niesprzedanych kart: {subject}. Do końca godziny kolejne nie zostaną oznaczone jako podejrzane.',
  },
  audit_cut: {
    en: 'The audit no longer holds row {subject} of its chain, which this installation has seen.',
    pl: 'W dzienniku audytu nie ma już wiersza {subject} łańcucha, który ta instalacja widziała.',
  },
  api_key_alone: {
    en: 'One person made an API key of shop {subject} that moves money: no accountant has signed in yet.',
    pl: 'Jedna osoba utworzyła klucz API sklepu {subject}, który przenosi pieniądze: nie logował się jeszcze żaden księgowy.',
  },
  terminal_alone: {
    en: 'One person decided who may speak for {subject} at tills: no accountant has signed in yet.',
    pl: 'Jedna osoba zdecydowała, kto może mówić w kasach za {subject}: nie logował się jeszcze żaden księgowy.',
  },
  employer_alone: {
    en: 'One person gave employer {subject} a higher limit or let it pay later: no accountant has signed in yet.',
    pl: 'Jedna osoba podniosła limit pracodawcy {subject} lub pozwoliła mu płacić później: nie logował się jeszcze żaden księgowy.',
  },
  shop_limits_alone: {
    en: 'One person set the limits of shop {subject}: no accountant has signed in yet.',
    pl: 'Jedna osoba ustaliła limity sklepu {subject}: nie logował się jeszcze żaden księgowy.',
  },
  report_not_delivered: {
    en: 'A report of schedule {subject} could not be delivered.',
    pl: 'Nie udało się dostarczyć raportu z harmonogramu {subject}.',
  },
  users_from_command_line: {
    en: 'User {subject} was added or reset on the command line.',
    pl: 'Użytkownika {subject} dodano lub zresetowano z wiersza poleceń.',
  },
} as const satisfies Record<string, Words>
export type AlertKind = keyof typeof ALERTS

/** Called within the transaction that causes the alert. */
export const raiseAlert = async (
  connection: WorkerConnection,
  { nextId }: Pick<Office, 'nextId'>,
  kind: AlertKind,
  subject: string,
  at: number,
): Promise<void> => void (await connection.send(raiseAlertRow(nextId(), kind, subject, at)))

export type AlertView = AlertRow & {
  readonly text: Words
  readonly seenBy: readonly { readonly login: string; readonly at: number }[]
}

export async function listAlerts(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<Page<AlertView> | Refused> {
  const objection = mayDo(actor, 'alerts.see')
  if (objection !== null) return objection
  return office.db.use(async (connection) => {
    const [rows = []] = await connection.send(selectAlerts(before, limit + 1))
    const alerts = rows.slice(0, limit).map(toAlert)
    const [seen = []] = await connection.send(selectSeen(alerts.map(({ id }) => id)))
    const items = alerts.map((alert) => ({
      ...alert,
      text: alertWords(alert),
      seenBy: seen
        .filter(([id]) => Number(id) === alert.id)
        .map(([, login, at]) => ({ login: String(login), at: fromInstant(String(at)) })),
    }))
    const last = items.at(-1)
    return { items, next: rows.length > limit && last !== undefined ? String(last.id) : null }
  })
}

/** The text of an alert. */
export function alertWords({ kind, subject }: AlertRow): Words {
  const words: Words | undefined = (ALERTS as Readonly<Record<string, Words>>)[kind]
  const { en, pl } = words ?? { en: `${kind}: {subject}`, pl: `${kind}: {subject}` }
  return { en: en.replace('{subject}', subject), pl: pl.replace('{subject}', subject) }
}

/** Marks an alert as seen. If its cause occurs again, that is a new alert. */
export const seeAlert = (office: Office, actor: Actor, id: number): Promise<{ readonly id: number } | Refused> =>
  inTransaction(office, async (connection) => {
    const objection = mayDo(actor, 'alerts.see')
    if (objection !== null) return objection
    const [[row] = []] = await connection.send(selectAlert(id))
    if (row === undefined) return refused('no_such_alert', { id })
    const at = office.clock()
    await connection.send(markSeen(id, actor.login, at))
    await putOnRecord(connection, office, actor, at, { action: 'alerts.see', object: { kind: 'alert', id } })
    return { id }
  })

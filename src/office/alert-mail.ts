import { claimUnmailed, selectUnmailed, setUnmailed, toAlert } from '../db/sql/alerts.ts'
import { selectRecipients } from '../db/sql/settings.ts'
import { alertWords } from './alerts.ts'
import type { SendMail } from './mail.ts'
import type { Office } from './office.ts'

const AT_A_TIME = 20

/** Mails what was raised since, in both languages, a mail for each alert. What the mail server does not take is tried again. */
export async function mailAlerts(office: Pick<Office, 'db' | 'clock'>, send: SendMail): Promise<number> {
  const claimed = await office.db.transaction(async (connection) => {
    const [rows = [], addresses = []] = await connection.send(`${selectUnmailed(AT_A_TIME)};${selectRecipients}`)
    const alerts = rows.map(toAlert)
    if (alerts.length > 0)
      await connection.send(
        claimUnmailed(
          alerts.map(({ id }) => id),
          office.clock(),
        ),
      )
    return { alerts, addresses: addresses.map(([address]) => String(address)) }
  })
  const { alerts, addresses } = claimed
  for (const alert of addresses.length === 0 ? [] : alerts) {
    const { en, pl } = alertWords(alert)
    try {
      for (const to of addresses) await send({ to, subject: `Akart: ${en}`.slice(0, 120), text: `${en}\n\n${pl}\n` })
    } catch (error) {
      await office.db.use((connection) => connection.send(setUnmailed(alert.id)))
      throw error
    }
  }
  return addresses.length === 0 ? 0 : alerts.length
}

import { claimUnmailed, selectUnmailed, setUnmailed, toAlert } from '../db/sql/alerts.ts'
import type { Row } from '../db/sql/row.ts'
import { selectRecipients } from '../db/sql/settings.ts'
import { selectAddressesOf } from '../db/sql/users.ts'
import { alertWords } from './alerts.ts'
import type { SendMail } from './mail.ts'
import type { Office } from './office.ts'

const AT_A_TIME = 20

/** Mails new alerts in both languages, one mail per alert. Mails that the mail server refuses are tried again. */
export async function mailAlerts(office: Pick<Office, 'db' | 'clock'>, send: SendMail): Promise<number> {
  const claimed = await office.db.transaction(async (connection) => {
    const [rows = [], addresses = [], issuers = []] = await connection.send(
      `${selectUnmailed(AT_A_TIME)};${selectRecipients};${selectAddressesOf('issuer')}`,
    )
    const alerts = rows.map(toAlert)
    if (alerts.length > 0)
      await connection.send(
        claimUnmailed(
          alerts.map(({ id }) => id),
          office.clock(),
        ),
      )
    return { alerts, everybody: addressesIn(addresses), issuers: addressesIn(issuers) }
  })
  const { alerts, everybody, issuers } = claimed
  let mailed = 0
  for (const alert of alerts) {
    // A killed pack is also reported to every issuer.
    const addresses = alert.kind === 'pack_killed' ? [...new Set([...everybody, ...issuers])] : everybody
    if (addresses.length === 0) continue
    mailed++
    const { en, pl } = alertWords(alert)
    try {
      for (const to of addresses) await send({ to, subject: `Akart: ${en}`.slice(0, 120), text: `${en}\n\n${pl}\n` })
    } catch (error) {
      await office.db.use((connection) => connection.send(setUnmailed(alert.id)))
      throw error
    }
  }
  return mailed
}

const addressesIn = (rows: readonly Row[]): string[] => rows.map(([address]) => String(address))

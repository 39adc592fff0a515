import { amountText, amountTextPl, currencyOf } from '../../core/currency.ts'
import { claimMails, selectUnmailedResults, setUnmailedResult, toResultMail } from '../../db/sql/welfare-mails.ts'
import { dateIn } from '../clock.ts'
import type { Mail, SendMail } from '../mail.ts'
import type { Office } from '../office.ts'

const AT_A_TIME = 20

/**
 * Tells employers that gave an address, once, that a batch of theirs is booked: how many cards and how much, no names, no
 * numbers. What the mail server does not take is tried again, and holds up none of the others.
 *
 * @throws where one was not taken, once all were tried
 */
export async function mailResults(office: Pick<Office, 'db' | 'clock' | 'timeZone'>, send: SendMail): Promise<number> {
  const results = await office.db.transaction(async (connection) => {
    const [rows = []] = await connection.send(selectUnmailedResults(AT_A_TIME))
    const found = rows.map(toResultMail)
    const ids = found.map(({ batch }) => batch)
    if (ids.length > 0) await connection.send(claimMails(ids, office.clock()))
    return found
  })
  const errors: unknown[] = []
  for (const result of results) {
    try {
      await send(mailOf(result, dateIn(office.timeZone, result.bookedAt)))
    } catch (error) {
      errors.push(error)
      // At once: whoever is killed during the others leaves this one to be tried again.
      await office.db
        .use((connection) => connection.send(setUnmailedResult(result.batch)))
        .catch((notReleased: unknown) => errors.push(notReleased))
    }
  }
  if (errors.length > 0) throw errors[0]
  return results.length
}

type Result = ReturnType<typeof toResultMail>

function mailOf({ batch, employer, email, language, loads, amount, currency }: Result, day: string): Mail {
  const { letters } = currencyOf(currency)
  if (language === 'pl') {
    const sum = `${amountTextPl(amount, currency)} ${letters}`
    return {
      to: email,
      subject: `Akart: partia ${batch} zaksięgowana`,
      text: `Partia ${batch} pracodawcy ${employer} została zaksięgowana ${day}: zasilone karty: ${loads}, razem ${sum}.\n`,
    }
  }
  const sum = `${amountText(amount, currency)} ${letters}`
  return {
    to: email,
    subject: `Akart: batch ${batch} is booked`,
    text: `Batch ${batch} of ${employer} was booked on ${day}: ${loads} cards loaded, ${sum} in all.\n`,
  }
}

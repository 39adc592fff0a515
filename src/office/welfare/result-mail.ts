import { amountText, amountTextPl, currencyOf } from '../../core/currency.ts'
import { claimMails, selectUnmailedResults, setUnmailedResult, toResultMail } from '../../db/sql/welfare-mails.ts'
import { dateIn } from '../clock.ts'
import { raiseAlert } from '../alerts.ts'
import { dayWords } from '../day-words.ts'
import type { Mail, SendMail } from '../mail.ts'
import type { Office } from '../office.ts'

const AT_A_TIME = 20
/** After a minute, two, four, … and at most six hours: for a day and a half in all. */
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000
const MOST_TRIES = 14

/**
 * Mails employers with an address, once, that a batch was booked: number of cards and sum, no names, no numbers. A mail
 * that the mail server refuses is retried with growing pauses and delays no others; in the end it is set aside with an
 * alert, until the employer gives another address.
 *
 * @throws after all were tried, if one was refused
 */
export async function mailResults(
  office: Pick<Office, 'db' | 'clock' | 'timeZone' | 'nextId'>,
  send: SendMail,
): Promise<number> {
  const results = await office.db.transaction(async (connection) => {
    const due = { now: office.clock(), mostTries: MOST_TRIES }
    const [rows = []] = await connection.send(selectUnmailedResults(due, AT_A_TIME))
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
      // At once, so that a kill during the other mails leaves this one to be retried.
      await tryLater(office, result).catch((notReleased: unknown) => errors.push(notReleased))
    }
  }
  if (errors.length > 0) throw errors[0]
  return results.length
}

type Result = ReturnType<typeof toResultMail>

async function tryLater(
  office: Pick<Office, 'db' | 'clock' | 'nextId'>,
  { batch, employer, tries }: Result,
): Promise<void> {
  const at = office.clock()
  const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS)
  await office.db.transaction(async (connection) => {
    await connection.send(setUnmailedResult(batch, at + wait))
    if (tries + 1 >= MOST_TRIES)
      await raiseAlert(connection, office, 'welfare_mail_failing', `${employer}, ${batch}`, at)
  })
}

function mailOf({ batch, employer, email, language, loads, amount, currency }: Result, bookedOn: string): Mail {
  const day = dayWords(bookedOn)[language]
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

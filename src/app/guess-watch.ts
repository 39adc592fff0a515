import type { Counter } from 'prom-client'
import { unitOfWork } from '../db/unit-of-work.ts'
import { MARKS_AN_HOUR } from '../engine/marks.ts'
import { raiseAlert } from '../office/alerts.ts'
import type { Office } from '../office/office.ts'
import { idsOrThrow } from '../office/open-office.ts'
import type { GuessWatch } from '../web/guess-budgets.ts'
import type { Followed } from './follow-database.ts'
import type { Start } from './start.ts'

/**
 * Guessing at AkartWeb: a line in the log, once a minute for each budget that is used up; many unknown numbers also count in
 * a metric and are an alert in AkartMenu.
 */
export const guessWatch = (office: Office, enumerations: Counter): GuessWatch => ({
  enumeration(numbers) {
    enumerations.inc()
    office.log.warn('many different unknown card numbers are asked for on the web', { numbers })
    office.db
      .transaction((connection) =>
        raiseAlert(connection, office, 'web_enumeration', `> ${numbers - 1} / 10 min`, office.clock()),
      )
      .catch((error: unknown) => office.log.error('the alert of guessing could not be raised', { error }))
  },
  overBudget: (budget) => office.log.warn('a budget against guessing is used up this minute', { budget }),
})

/** When no more cards are marked, people must look: an alert in AkartMenu and a line in the log. */
export function marksUsedUp(
  { access, log, trouble }: Pick<Start, 'access' | 'log' | 'trouble'>,
  { clock, nextId }: Pick<Followed, 'clock' | 'nextId'>,
): void {
  log.warn('as many unsold cards were asked for as may be marked in an hour: no more are', { cards: MARKS_AN_HOUR })
  unitOfWork(access, (connection) =>
    raiseAlert(connection, { nextId: idsOrThrow(nextId) }, 'marks_used_up', `${MARKS_AN_HOUR} / 1 h`, clock.now()),
  ).catch(trouble('the alert of marked cards could not be raised'))
}

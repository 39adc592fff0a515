import type { Counter } from 'prom-client'
import { raiseAlert } from '../office/alerts.ts'
import type { Office } from '../office/office.ts'
import type { GuessWatch } from '../web/guess-budgets.ts'

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
        raiseAlert(connection, office, 'web_enumeration', `more than ${numbers - 1} in 10 min`, office.clock()),
      )
      .catch((error: unknown) => office.log.error('the alert of guessing could not be raised', { error }))
  },
  overBudget: (budget) => office.log.warn('a budget against guessing is used up this minute', { budget }),
})

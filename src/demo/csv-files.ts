import { DEMO_EMPLOYER, demoEmployees, staffNumbers } from './staff.ts'
import type { CardKeys } from '../cards/keys.ts'
import type { DemoCard } from './cards.ts'
import type { DemoPerson } from './people.ts'
import type { DemoApiKey } from './shops.ts'
import type { DemoTerminal } from './setting.ts'

/** Lines end in LF. No value of the demo set holds a comma, a quote or a line end; one that did would be broken code. */
const csv = (header: string, rows: readonly (readonly (string | number)[])[]): string => {
  const columns = header.split(',').length
  const lines = rows.map((row) => row.join(','))
  if (lines.some((line) => line.split(',').length !== columns || /["\r\n]/u.test(line)))
    throw new RangeError('a demo value needs quoting')
  return [header, ...lines, ''].join('\n')
}

/** HOME/demo/cards.csv: tracks without sentinels, balance in minor units. Demo cards only: it shows whole numbers, tracks and eCodes. */
export const cardsCsv = (cards: readonly DemoCard[]): string =>
  csv(
    'number,track1,track2,barcode,ecode,issue,state,balance',
    cards.map((c) => [c.number, c.track1, c.track2, c.barcode, c.ecode, c.issue, c.state, c.balance]),
  )

/** HOME/demo/terminals.csv: the MAC key in hex, empty where mac is `none`. */
export const terminalsCsv = (terminals: readonly DemoTerminal[]): string =>
  csv(
    'terminal,store,confirmation,mac,key',
    terminals.map((t) => [t.id, t.store, t.confirmation, t.mac, t.key ?? '']),
  )

/** HOME/demo/terminal-keys.csv: the terminals that can exchange keys or encrypt tracks, with the keys that they begin with. */
export const terminalKeysCsv = (terminals: readonly DemoTerminal[]): string =>
  csv(
    'terminal,store,confirmation,mac,key,kbpk,bdk',
    terminals.map((t) => [t.id, t.store, t.confirmation, t.mac, t.key ?? '', t.kbpk ?? '', t.bdk ?? '']),
  )

/** HOME/demo/api-keys.csv: the API keys of the web shops; scopes separated by blanks. */
export const apiKeysCsv = (keys: readonly DemoApiKey[]): string =>
  csv(
    'shop,key,scopes',
    keys.map(({ name, key, scopes }) => [name, key, scopes.join(' ')]),
  )

/** HOME/demo/employees.csv: the people of the demo's employer, with their card numbers. */
export const employeesCsv = (keys: CardKeys): string => {
  const numbers = staffNumbers(keys)
  return csv(
    'employer,employee,name,card',
    demoEmployees.map(({ number, name, serial }) => [DEMO_EMPLOYER.code, number, name, numbers[serial - 1] ?? '']),
  )
}

/** HOME/demo/users.csv: the users of AkartMenu; their stores separated by blanks. */
export const usersCsv = (people: readonly DemoPerson[]): string =>
  csv(
    'login,password,role,stores',
    people.map(({ login, password, role, stores }) => [login, password, role, stores.join(' ')]),
  )

import { instant } from '../../db/sql/literal.ts'
import { selectActsOfPeople } from '../../db/sql/report-queries.ts'
import { dayEnd, dayStart } from '../day-bounds.ts'
import { column, type Definition, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'

export const USERS: Definition = {
  title: { en: 'Users', pl: 'Użytkownicy' },
  about: {
    en: 'What people did and what they were refused, from the audit.',
    pl: 'Co robili użytkownicy i czego im odmówiono, z dziennika zdarzeń.',
  },
  definition: 1,
  ownStores: false,
  time: 'period',
  filters: [],
  columns: [
    column('user', 'text', 'User', 'Użytkownik'),
    column('channel', 'text', 'Channel', 'Kanał'),
    column('action', 'text', 'Action', 'Czynność'),
    column('count', 'count', 'Number', 'Liczba'),
    column('refused', 'count', 'Refused', 'Odmowy'),
    column('last', 'text', 'Last', 'Ostatnio'),
  ],
  chart: { by: 'user', value: 'count' },
  figures,
}

async function figures({ office, snapshot, scope }: Question): Promise<Figures> {
  const from = scope.from === null ? null : instant(dayStart(scope.from, office.timeZone))
  const until = scope.to === null ? null : instant(dayEnd(scope.to, office.timeZone))
  const [rows = []] = await snapshot.connection.send(selectActsOfPeople(from, until))
  const all = rows.map((row) => {
    const [user, channel, action, count, denied, last] = row as [string, string, string, number, number, string]
    return { user, channel, action, count, refused: denied, last: `${last.slice(0, 19)} UTC` }
  })
  return { rows: sortedBy(all, 'user', 'action', 'channel') }
}

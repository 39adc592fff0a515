import { fromInstant, instant, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** The object of a change. */
export type Changed = { readonly what: 'store' | 'terminal'; readonly code: string }

/** A change of a store or terminal and its author; see the table. */
export type RegistryChange = {
  readonly who: string
  readonly action: 'added' | 'changed'
  readonly of: Changed
  readonly detail: string
}

/** The same as it is read, `at` in ms. */
export type RegistryChangeView = Pick<RegistryChange, 'who' | 'action' | 'detail'> & { readonly at: number }

const COLUMN = { store: 'store_code', terminal: 'terminal_code' } as const satisfies Record<Changed['what'], string>
const DETAIL_LENGTH = 500

/** A row to be. */
export type NewRegistryChange = RegistryChange & { readonly id: number; readonly at: number }

export const insertRegistryChanges = (changes: readonly NewRegistryChange[]): string =>
  `INSERT INTO registry_changes (id, at, who, action, store_code, terminal_code, detail) VALUES ${changes
    .map(({ id, at, who, action, of: { what, code }, detail }) =>
      [
        `(${integer(id)}`,
        instant(at),
        text(who),
        text(action),
        textOrNull(what === 'store' ? code : null),
        textOrNull(what === 'terminal' ? code : null),
        `${text(Array.from(detail).slice(0, DETAIL_LENGTH).join(''))})`,
      ].join(','),
    )
    .join(',')}`

/** The newest first. */
export const selectRegistryChanges = ({ what, code }: Changed, most: number): string =>
  `SELECT at, who, action, detail FROM registry_changes WHERE ${COLUMN[what]} = ${text(code)}
   ORDER BY id DESC LIMIT ${integer(most)}`

/** How long ago the last change was, in seconds by the clock of the database; NULL: none is on record. */
export const selectSinceLastChange = ({ what, code }: Changed): string =>
  `SELECT TIMESTAMPDIFF(MICROSECOND, MAX(at), UTC_TIMESTAMP(3)) / 1000000 FROM registry_changes
   WHERE ${COLUMN[what]} = ${text(code)}`

export function toRegistryChangeView(row: Row): RegistryChangeView {
  const [at, who, action, detail] = row as [string, string, string, string]
  return { at: fromInstant(at), who, action: oneOf(['added', 'changed'] as const, action), detail }
}

import { countLinkChanges, type LinkChange, selectLinkChanges, toLinkChange } from '../../db/sql/employees.ts'
import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, type Refused, type Words } from '../refusal.ts'
import { showBatch } from './batches.ts'
import type { FileOptions } from './batch-files.ts'
import { employerOf } from './employers.ts'
import { writeList, type WrittenFile } from './list-writer.ts'

/** The first changes of cards since each employee's last load, and how many there are. */
export async function linkChanges(
  { db }: Pick<Office, 'db'>,
  batchId: number,
  most: number,
): Promise<{ readonly changes: readonly LinkChange[]; readonly all: number }> {
  const [rows = []] = await db.use((connection) => connection.send(selectLinkChanges(batchId, most)))
  const changes = rows.map(toLinkChange)
  if (changes.length < most) return { changes, all: changes.length }
  const [[counted] = []] = await db.use((connection) => connection.send(countLinkChanges(batchId)))
  return { changes, all: Number(counted?.[0]) }
}

/** The causes of a change that no person made (`LinkChange.who`). */
const WITHOUT_PERSON: Readonly<Record<string, Words>> = {
  duplicate: { en: 'duplicate', pl: 'duplikat' },
  sell: { en: 'sold by this batch', pl: 'sprzedaż w tej partii' },
}
export const changedBy = (who: string): Words => WITHOUT_PERSON[who] ?? { en: who, pl: who }

const HEADINGS = {
  en: ['employee', 'name', 'card before', 'card now', 'by'],
  pl: ['nr pracownika', 'imię i nazwisko', 'karta poprzednia', 'karta obecna', 'kto'],
} as const
/** More than a batch can have. */
const ALL = 1_000_000

/** All changed links as a file, for batches with more of them than an approval can show. */
export async function linkChangesFile(
  office: Office,
  actor: Actor,
  { id, format }: FileOptions,
): Promise<WrittenFile | Refused> {
  const page = await showBatch(office, actor, id)
  if (isRefused(page)) return page
  const { changes } = await linkChanges(office, id, ALL)
  const employer = await office.db.use((connection) => employerOf(connection, page.batch.employer))
  const language = employer?.language ?? 'en'
  const lines = changes.map(({ number, name, before, after, who }) => [
    number,
    name,
    before ?? '',
    after ?? '',
    changedBy(who)[language],
  ])
  return writeList(`welfare-${id}-changed-cards`, format, language, [HEADINGS[language], ...lines])
}

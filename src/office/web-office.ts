import type { Issue } from '../core/issue.ts'
import { selectCardFacts, selectIssueNames } from '../db/sql/web-requests.ts'
import { lruMap } from '../engine/lru-map.ts'
import type { Office } from './office.ts'

/** The constant data of a card for answers. */
export type CardFacts = { readonly issueId: number; readonly firstSix: string; readonly last4: string }

/** An office that serves web shops: it remembers what every answer shows and never changes. */
export type WebOffice = Office & {
  readonly cardFacts: (cardId: number) => Promise<CardFacts>
  readonly issueName: (issueId: number) => Promise<{ readonly code: string; readonly name: string }>
  readonly issue: (issueId: number) => Issue
  /** The prefixes of our card numbers. */
  readonly prefixes: () => Promise<readonly string[]>
}

// 100,000 cards of about 100 bytes: 10 MB.
const CARDS = 100_000

export function openWebOffice(office: Office): WebOffice {
  const cards = lruMap<CardFacts>(CARDS)
  let names: {
    readonly version: number
    readonly byId: ReadonlyMap<number, { code: string; name: string; prefix: string }>
    readonly prefixes: readonly string[]
  } | null = null

  const issueNames = async () => {
    const { version } = office.registry()
    if (names?.version !== version) {
      const [rows = []] = await office.db.use((connection) => connection.send(selectIssueNames))
      const byId = new Map(
        rows.map(([id, code, name, prefix]) => [
          Number(id),
          { code: String(code), name: String(name), prefix: String(prefix) },
        ]),
      )
      names = { version, byId, prefixes: [...new Set([...byId.values()].map(({ prefix }) => prefix))] }
    }
    return names
  }

  return {
    ...office,
    async cardFacts(cardId) {
      const known = cards.get(String(cardId))
      if (known !== undefined) return known
      const [[row] = []] = await office.db.use((connection) => connection.send(selectCardFacts(cardId)))
      if (row === undefined) throw new Error(`card ${cardId} is in a transaction and not in the database`)
      const facts = { issueId: Number(row[0]), last4: String(row[1]), firstSix: String(row[2]) }
      cards.set(String(cardId), facts)
      return facts
    },
    async issueName(issueId) {
      const known = (await issueNames()).byId.get(issueId)
      if (known === undefined) throw new Error(`issue ${issueId} has cards and is not in the database`)
      return { code: known.code, name: known.name }
    },
    prefixes: async () => (await issueNames()).prefixes,
    issue(issueId) {
      const issue = office.registry().issues.get(issueId)
      if (issue === undefined) throw new Error(`issue ${issueId} has cards and is not in the registry`)
      return issue
    },
  }
}

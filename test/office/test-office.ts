import { type CardKeys, DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import type { Access } from '../../src/db/access.ts'
import { openLog } from '../../src/log.ts'
import type { Actor } from '../../src/office/actor.ts'
import type { Office } from '../../src/office/office.ts'
import { openOffice } from '../../src/office/open-office.ts'
import { isRefused, refusalHint, refusalPhrase, type Refused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { makersOf } from '../../src/app/home-office.ts'

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

type Parts = { readonly keys?: CardKeys; readonly clock?: () => number; readonly home?: string }

/** An Office on a test's database, as a command has one. */
export async function testOffice(t: Teardown, access: Access, parts: Parts = {}): Promise<Office> {
  const keys = parts.keys ?? deriveCardKeys(DEMO_MASTER)
  const { office, close } = await openOffice(access, {
    keys: () => keys,
    masters: () => Promise.reject(new Error('this test has no master keys')),
    timeZone: 'Europe/Warsaw',
    demo: true,
    makers: makersOf(parts.home ?? '/nonexistent'),
    log: openLog({ level: 'warn', file: null }),
    clock: parts.clock ?? Date.now,
  })
  t.teardown(close)
  return office
}

/** A user with all rights. */
export const person = (login: string): Actor => ({
  login,
  name: login,
  rights: ALL_RIGHTS,
  stores: 'all',
  channel: 'cli',
})

/** The result of a use case. @throws the command line's text if it refuses */
export async function ok<Result>(work: Promise<Result>): Promise<Exclude<Result, Refused>> {
  const result = await work
  if (!isRefused(result)) return result as Exclude<Result, Refused>
  const faults = (result.faults ?? []).map(({ at, text }) => `${at} ${text}`)
  throw new Error([told(result), ...faults].join('\n'))
}

function told(refused: Refused): string {
  const hint = refusalHint(refused)
  return `${refusalPhrase(refused, 'en')}${hint === '' ? '' : `: ${hint}`}`
}

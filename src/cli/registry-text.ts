import { utc } from './listing.ts'

/** The history of a store or a terminal, one line per change, newest first. */
export const changeLines = (
  changes: readonly { readonly at: number; readonly who: string; readonly action: string; readonly detail: string }[],
): string[] => changes.map(({ at, who, action, detail }) => `${utc(at)} UTC  ${action.padEnd(7)}  ${who}  ${detail}`)

/** For programs: times as text. */
export const changesAsJson = <Change extends { readonly at: number }>(changes: readonly Change[]) =>
  changes.map((change) => ({ ...change, at: new Date(change.at).toISOString() }))

/** One line about the change, and a warning if messages wait for a host that is no longer served. */
export function changedLines(
  what: string,
  { differences, open }: { readonly differences: readonly string[]; readonly open: number },
  isServed: boolean,
): string[] {
  return [
    `${what}: ${differences.length === 0 ? 'as it was' : differences.join(', ')}`,
    ...(isServed || open === 0
      ? []
      : [
          `not confirmed yet: ${open}. The timer reverses what waits for an 0202; what waits for a next request waits on`,
        ]),
  ]
}

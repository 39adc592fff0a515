/** The line for changes that wait for a second person. */

/** The line that is printed when the change waits for the approval of another person in AkartMenu. */
export const waitsForSecond = (proposal: string): string =>
  `waits for a second person, in AkartMenu under Approvals (${proposal})`

/** What is not done at once: another person says yes in AkartMenu. */
export const waitsForSecond = (proposal: string): string =>
  `waits for a second person, in AkartMenu under Approvals (${proposal})`

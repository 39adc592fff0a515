/** How often a scheduled report is made, and where it may go. */
export const RHYTHMS = ['daily', 'weekly', 'monthly'] as const
export type Rhythm = (typeof RHYTHMS)[number]

export const PLACES = ['directory', 'mail'] as const
export type Place = (typeof PLACES)[number]

/** Sections of docs/spec/terminal.md, the contract between terminals and a switch. */
export const sections = {
  '1': 'Frames',
  '2': 'Profiles',
  '3': 'Messages',
  '4': 'Once, exactly once',
  '5': 'Confirmation and reversal',
  '6': 'Response codes',
  '7': 'Lines, sign-on, security',
  '8': 'Day end',
} as const
export type Section = keyof typeof sections
export const sectionNames = Object.keys(sections) as Section[]

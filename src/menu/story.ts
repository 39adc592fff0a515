/** Roles of the books as the app tells them: what was booked, what confirmed it, what undid it. */
const ROLES: Readonly<Record<string, 'books' | 'confirms' | 'undoes'>> = {
  books: 'books',
  informs: 'books',
  rebooks: 'confirms',
  confirms: 'confirms',
  cancels: 'undoes',
  reverses: 'undoes',
}
export const storyRole = (role: string | null): 'books' | 'confirms' | 'undoes' => ROLES[role ?? 'books'] ?? 'books'

/** What was declined, or undone since: its money does not count. */
export const struck = (state: string | null): boolean =>
  state === 'declined' || state === 'reversed' || state === 'cancelled'

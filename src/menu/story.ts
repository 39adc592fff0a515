/** The roles of the books in the app: booking, confirmation, undoing. */
const ROLES: Readonly<Record<string, 'books' | 'confirms' | 'undoes'>> = {
  books: 'books',
  informs: 'books',
  rebooks: 'confirms',
  confirms: 'confirms',
  cancels: 'undoes',
  reverses: 'undoes',
}
export const storyRole = (role: string | null): 'books' | 'confirms' | 'undoes' => ROLES[role ?? 'books'] ?? 'books'

/** Declined or undone: its money does not count. */
export const struck = (state: string | null): boolean =>
  state === 'declined' || state === 'reversed' || state === 'cancelled'

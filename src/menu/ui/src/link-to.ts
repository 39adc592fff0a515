/** A path that the server names, with its query where it has one. */
export function linkTo(path: string) {
  const [to = '', query] = path.split('?')
  return { to, search: Object.fromEntries(new URLSearchParams(query)) }
}

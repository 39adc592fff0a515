/** The methods of every path, for the answer 405. */
export type KnownPaths = {
  readonly add: (method: string, path: string) => void
  readonly at: (path: string) => string[]
}

export function knownPaths(): KnownPaths {
  const methods = new Map<string, Set<string>>()
  return {
    add(method, path) {
      methods.set(path, (methods.get(path) ?? new Set()).add(method))
    },
    at: (path) => [...methods].flatMap(([route, allowed]) => (matches(route, path) ? [...allowed] : [])).sort(),
  }
}

/** Does a path fit a route such as `/payments/:id/confirm`? */
function matches(route: string, path: string): boolean {
  const wanted = route.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i])
}

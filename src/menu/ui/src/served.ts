import type { RouteName } from './api/call.ts'

/** Routes that the server doesn't have yet. What needs one of them is not offered: no page, no button, no key. */
const NOT_YET: ReadonlySet<RouteName> = new Set<RouteName>(['bulk.preview', 'journals.upload', 'settings.show'])

export const isServed = (route: RouteName): boolean => !NOT_YET.has(route)

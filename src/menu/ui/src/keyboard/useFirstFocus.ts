import { type RefObject, useEffect, useLayoutEffect } from 'react'

const FIELDS = 'input:not([type=hidden]), select, textarea, [contenteditable=true]'
/** The main act stands last among the buttons of a dialog. */
const ACTS = 'button, a[href]'
/** Where Mantine's trap begins. */
const MARK = 'data-autofocus'

/** The field that is named by its mark, else the first one; without any, the main act. */
export function startOf(body: Element): HTMLElement | null {
  const usable = (found: Iterable<Element>): HTMLElement[] =>
    [...found].filter(
      (one): one is HTMLElement => one instanceof HTMLElement && !one.matches(':disabled') && one.checkVisibility(),
    )
  const [marked] = usable(body.querySelectorAll(`[${MARK}]`))
  const [field] = usable(body.querySelectorAll(FIELDS))
  const main = usable(body.querySelectorAll('button[type=submit]'))[0] ?? usable(body.querySelectorAll(ACTS)).at(-1)
  return marked ?? field ?? main ?? null
}

/**
 * Where the focus is when a dialog opens, and when its form gives way to another one or comes once it is read: never on
 * *Close*, which stands first.
 */
export function useFirstFocus(body: RefObject<HTMLElement | null>): void {
  // Before the trap looks, which it does after everything is drawn.
  useLayoutEffect(() => {
    if (body.current !== null) startOf(body.current)?.setAttribute(MARK, '')
  }, [body])
  useEffect(() => {
    const inside = body.current
    if (inside === null) return
    let placed = startOf(inside) !== null
    const place = (): void => {
      const { activeElement } = document
      const isLost = activeElement === null || activeElement === document.body
      if (placed && !isLost) return
      const start = startOf(inside)
      if (start === null) return
      start.focus({ preventScroll: true })
      placed = true
    }
    const observer = new MutationObserver(place)
    observer.observe(inside, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [body])
}

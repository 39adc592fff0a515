import { type RefObject, useEffect, useLayoutEffect } from 'react'

const FIELDS = 'input:not([type=hidden]), select, textarea, [contenteditable=true]'
/** The main action is the last button of a dialog. */
const ACTS = 'button, a[href]'
/** The attribute of the element on which Mantine's focus trap begins. */
const MARK = 'data-autofocus'

/** The field with the mark, else the first field; if there is no field, the main action. */
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
 * Sets the focus when a dialog opens, and when its form is loaded or replaced by another one. The focus is never on *Close*,
 * which is the first button.
 */
export function useFirstFocus(body: RefObject<HTMLElement | null>): void {
  // In a layout effect, because the focus trap looks for the mark after everything is drawn.
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

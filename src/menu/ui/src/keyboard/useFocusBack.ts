import { useEffect } from 'react'

const DIALOG = '[role=dialog]'

/** Where the person was before any dialog; a dialog that another one opens goes back to the same place. */
let opener: Element | null = null

/** The dialogs here are mounted open and unmounted to close, which Mantine's own return of the focus does not hear of. */
export function useFocusBack(): void {
  useEffect(() => {
    return () => {
      // After the next dialog, if there is one, and after the page is drawn without this one.
      window.setTimeout(() => {
        const isElsewhere = document.activeElement !== null && document.activeElement !== document.body
        if (isElsewhere || document.querySelector(DIALOG) !== null) return
        const back = opener?.isConnected === true ? opener : document.querySelector('main')
        if (back instanceof HTMLElement) back.focus({ preventScroll: true })
      }, 20)
    }
  }, [])
}

/** Remembers what has the focus outside of dialogs, for as long as the page lives. */
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element && target.closest(DIALOG) === null) opener = target
})

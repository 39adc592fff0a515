import { useEffect, useState } from 'react'

const DIALOG = '[role=dialog]'

/** Where the person was before any dialog; a dialog that another one opens goes back to the same place. */
let opener: Element | null = null

/** The dialogs here are mounted open and unmounted to close, which Mantine's own return of the focus does not hear of. */
export function useFocusBack(): void {
  // While the dialog is drawn for the first time the focus is where it was opened: on a button, or on the page for a list's keys.
  useState(() => {
    const here = document.activeElement
    if (here === null || here.closest(DIALOG) === null) opener = here
  })
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

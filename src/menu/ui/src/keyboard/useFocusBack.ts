import { useEffect, useState } from 'react'

const DIALOG = '[role=dialog]'

/** The element that had the focus before the first dialog. The focus also returns there from a dialog that another dialog opened. */
let opener: Element | null = null

/** Our dialogs are mounted to open and unmounted to close, so Mantine's own return of the focus does not work. */
export function useFocusBack(): void {
  // At the first rendering of the dialog the focus is still on the element that opened it: a button, or the page of a list.
  useState(() => {
    const here = document.activeElement
    if (here === null || here.closest(DIALOG) === null) opener = here
  })
  useEffect(() => {
    return () => {
      // Later, after the next dialog is mounted, if there is one, and the page is drawn without this dialog.
      window.setTimeout(() => {
        const isElsewhere = document.activeElement !== null && document.activeElement !== document.body
        if (isElsewhere || document.querySelector(DIALOG) !== null) return
        const back = opener?.isConnected === true ? opener : document.querySelector('main')
        if (back instanceof HTMLElement) back.focus({ preventScroll: true })
      }, 20)
    }
  }, [])
}

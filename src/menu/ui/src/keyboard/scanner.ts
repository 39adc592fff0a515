import { useEffect, useRef } from 'react'
import { GAP_MS, scanKind, type ScanKind } from './scan-form.ts'

export type Scan = { readonly text: string; readonly by: ScanKind }
type OnScan = (scan: Scan) => void

/** Characters typed so fast that they may be a scan, and the field's value before them. */
type Burst = { readonly text: string; readonly at: number; readonly field: Field | null; readonly before: string }
type Field = HTMLInputElement | HTMLTextAreaElement

const NOTHING: Burst = { text: '', at: -Infinity, field: null, before: '' }
const stack: { current: OnScan }[] = []

const fieldOf = (target: EventTarget | null): Field | null =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null

/** Sets the value of a field in such a way that React notices it. */
function refill(field: Field, value: string): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/**
 * Recognises keyboard-wedge scanners by speed, final key and form, wherever the focus is. The scanned text is removed
 * from the field in which it was typed, and goes to the page or dialog that asked last.
 */
export function listenToScanner(): () => void {
  let burst = NOTHING
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.isComposing) return
    const { key, timeStamp: at, target } = event
    const goesOn = at - burst.at <= GAP_MS
    if (key.length === 1) {
      const field = fieldOf(target)
      burst = goesOn ? { ...burst, text: burst.text + key, at } : { text: key, at, field, before: field?.value ?? '' }
      return
    }
    if (key === 'Shift') return
    const { text, field, before } = burst
    burst = NOTHING
    const by = goesOn && (key === 'Enter' || key === 'Tab') ? scanKind(text) : null
    if (by === null) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (field !== null) refill(field, before)
    stack.at(-1)?.current({ text, by })
  }
  window.addEventListener('keydown', onKey, { capture: true })
  return () => window.removeEventListener('keydown', onKey, { capture: true })
}

/** The most recently mounted component gets the scans. */
export function useScanner(onScan: OnScan): void {
  const current = useRef(onScan)
  current.current = onScan
  useEffect(() => {
    stack.push(current)
    return () => {
      stack.splice(stack.indexOf(current), 1)
    }
  }, [])
}

import { useEffect, useRef } from 'react'
import { GAP_MS, isReadersPace, scanKind, type ScanKind, STALL_MS } from './scan-form.ts'

export type Scan = { readonly text: string; readonly by: ScanKind }
type OnScan = (scan: Scan) => void

/** One character, the pause before it, and the field that it went to with its value until then. */
type Typed = { readonly key: string; readonly pause: number; readonly field: Field | null; readonly before: string }
type Field = HTMLInputElement | HTMLTextAreaElement

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
  let typed: readonly Typed[] = []
  // A pause begins where the page has dealt with the last key: a reader that waits for the page is no slower for it.
  let dealtAt = -Infinity
  const dealt = new MessageChannel()
  dealt.port1.onmessage = () => {
    dealtAt = Math.max(dealtAt, performance.now())
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.key === 'Shift') return
    const { key, timeStamp, target } = event
    const pause = timeStamp - dealtAt
    if (pause > STALL_MS) typed = []
    if (key.length === 1) {
      const field = fieldOf(target)
      typed = [...typed.slice(-LONGEST), { key, pause, field, before: field?.value ?? '' }]
      dealtAt = Math.max(timeStamp, performance.now())
      // Comes after what this key does to a field and to the page.
      dealt.port2.postMessage(null)
      // The names and the end of a stripe have keys of the app in them.
      if (field === null && isWithinStripe(typed)) event.stopImmediatePropagation()
      return
    }
    const scan = key === 'Enter' || key === 'Tab' ? scanOf(typed) : null
    typed = []
    if (scan === null) return
    event.preventDefault()
    event.stopImmediatePropagation()
    for (const [field, before] of scan.fields) refill(field, before)
    stack.at(-1)?.current(scan)
  }
  window.addEventListener('keydown', onKey, { capture: true })
  return () => {
    window.removeEventListener('keydown', onKey, { capture: true })
    dealt.port1.close()
  }
}

/** More than both tracks have. */
const LONGEST = 200

const textOf = (typed: readonly Typed[]): string => typed.map(({ key }) => key).join('')

const isWithinStripe = (typed: readonly Typed[]): boolean =>
  typed.some(
    ({ key }, at) => (key === '%' || key === ';') && at < typed.length - 1 && isReadersPace(pausesIn(typed.slice(at))),
  )

const pausesIn = (read: readonly Typed[]): number[] => read.slice(1).map(({ pause }) => pause)

/** What a reader typed at the end of this: all of it, or what follows a pause or the way into another field. */
function scanOf(typed: readonly Typed[]): (Scan & { readonly fields: ReadonlyMap<Field, string> }) | null {
  const begins = typed.flatMap(({ pause, field }, at) =>
    at === 0 || pause > GAP_MS || field !== typed[at - 1]?.field ? [at] : [],
  )
  for (const begin of begins) {
    const read = typed.slice(begin)
    const by = isReadersPace(pausesIn(read)) ? scanKind(textOf(read)) : null
    if (by !== null) return { text: textOf(read), by, fields: touchedBy(read) }
  }
  return null
}

/** The fields that this went to, each with its value before. */
const touchedBy = (read: readonly Typed[]): Map<Field, string> =>
  new Map(read.toReversed().flatMap(({ field, before }) => (field === null ? [] : [[field, before] as const])))

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

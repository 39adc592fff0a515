import { useEffect, useRef } from 'react'

type Handler = () => void
type Handlers = Readonly<Record<string, Handler>>
type Pressed = { readonly key: string; readonly at: number }

/** ms for which a key is kept that was typed before its page was mounted. */
const KEPT_MS = 1500
/** The longest time between g and the following letter, ms. */
const SEQUENCE_MS = 900

const stack: { current: Handlers }[] = []
let waiting: readonly Pressed[] = []
let leader: Pressed | null = null

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

const isChecked = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === 'checkbox'
const isDialogOpen = (): boolean => document.querySelector('[aria-modal="true"]') !== null

const handlerOf = (key: string): Handler | undefined => stack.findLast(({ current }) => key in current)?.current[key]

/** `g x` if a sequence was begun, else the key itself. */
function nameOf({ key, timeStamp }: KeyboardEvent): string {
  const name = leader !== null && timeStamp - leader.at < SEQUENCE_MS ? `${leader.key} ${key}` : key
  leader = name === 'g' ? { key, at: timeStamp } : null
  return name
}

/** Enter belongs to the focused element. */
const isForFocus = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button, summary') !== null

/** One listener for all single keys of the app, so that a key typed before its page has mounted is not lost. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const isPalette = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)
    if (!isPalette && (event.ctrlKey || event.metaKey || event.altKey)) return
    if (!isPalette && ((isTyping(event.target) && !isChecked(event.target)) || isDialogOpen() || isForFocus(event)))
      return
    const name = isPalette ? 'mod+k' : nameOf(event)
    if (name === 'g') return
    const handler = handlerOf(name)
    if (handler === undefined) {
      if (name.length === 1) waiting = [...waiting.slice(-5), { key: name, at: event.timeStamp }]
      return
    }
    if (name !== 'Enter') event.preventDefault()
    handler()
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

/** Single keys (`j`, `?`, `Enter`), sequences (`g t`) and `mod+k`. The page that mounted last is asked first. */
export function useKeys(handlers: Handlers): void {
  const current = useRef(handlers)
  current.current = handlers
  useEffect(() => {
    stack.push(current)
    const due = waiting.filter(({ key, at }) => performance.now() - at < KEPT_MS && key in current.current)
    waiting = waiting.filter((pressed) => !due.includes(pressed))
    for (const { key } of due) current.current[key]?.()
    return () => {
      stack.splice(stack.indexOf(current), 1)
    }
  }, [])
}

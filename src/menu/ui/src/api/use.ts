/*
 * When somebody last used this app. Pages ask for news by themselves, which must not keep a session open at a screen that
 * nobody sits at: each request says for how long nobody has used the app.
 */

/** To load a page is to use it. */
let usedAt = Date.now()
let askedAt = Date.now()

/** Other tabs of this browser have the same session. */
const tabs = new BroadcastChannel('akart-use')
const TELL_EVERY_MS = 5_000
let toldAt = 0

function used(event: Event): void {
  // Chromium moves a resting pointer when the page under it changes.
  if (event instanceof PointerEvent && event.type === 'pointermove' && event.movementX === 0 && event.movementY === 0)
    return
  usedAt = Date.now()
  if (usedAt - toldAt < TELL_EVERY_MS) return
  toldAt = usedAt
  tabs.postMessage(usedAt)
}

export function watchUse(): void {
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove'])
    window.addEventListener(name, used, { capture: true, passive: true })
  tabs.addEventListener('message', ({ data }) => {
    if (typeof data === 'number') usedAt = Math.max(usedAt, data)
  })
}

export const unusedSeconds = (): number => Math.max(0, Math.floor((Date.now() - usedAt) / 1000))

/** For a request, which tells the server. */
export function unusedHeader(): Record<string, string> {
  askedAt = Date.now()
  return { 'X-Unused-Seconds': String(unusedSeconds()) }
}

const TELL_SERVER_AFTER_MS = 30_000
/** Whether somebody types without any request: the server has to be told. */
export const isServerToBeTold = (): boolean => usedAt > askedAt && Date.now() - askedAt > TELL_SERVER_AFTER_MS

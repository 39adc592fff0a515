/**
 * The script of the price checker. The box keeps the focus, because a scanner types like a keyboard and ends with Enter. The
 * answer is cleared after ten seconds, the number at once. A lost connection is shown for as long as it lasts.
 */
export const CHECK_SCRIPT = `'use strict'
{
  const form = document.querySelector('form')
  const box = document.querySelector('#number')
  const answer = document.querySelector('#answer')
  const offline = document.querySelector('main').dataset.offline
  const CLEARED_AFTER_MS = 10000
  const ANSWER_MS = 8000
  let clearing = null

  const show = ({ large, lines }, stays = false) => {
    const parts = large === null ? [] : [Object.assign(document.createElement('strong'), { textContent: large })]
    for (const line of lines) parts.push(Object.assign(document.createElement('p'), { textContent: line }))
    answer.replaceChildren(...parts)
    clearTimeout(clearing)
    clearing = stays ? null : setTimeout(() => answer.replaceChildren(), CLEARED_AFTER_MS)
  }
  const sayOffline = () => show({ large: null, lines: [offline] }, !navigator.onLine)
  const ask = async (number) => {
    try {
      const reply = await fetch(form.action, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ number }),
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      if (reply.status === 401) return location.reload()
      show(await reply.json())
    } catch {
      sayOffline()
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const number = box.value
    box.value = ''
    box.focus()
    void ask(number)
  })
  document.addEventListener('click', () => box.focus())
  addEventListener('offline', sayOffline)
  addEventListener('online', () => answer.replaceChildren())
  if (!navigator.onLine) sayOffline()
  box.focus()
}
`

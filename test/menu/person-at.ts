import { DEMO_PASSWORD } from '../../src/demo/people.ts'

/** Asks AkartMenu; answers that are no success throw. */
export type Ask = (method: string, path: string, body?: object) => Promise<unknown>

/** Somebody of the demo at AkartMenu, over its socket and without a browser. */
export async function personAt(origin: string, login: string): Promise<Ask> {
  let [cookie, csrf] = ['', 'signed-out']
  const ask: Ask = async (method, path, body = {}) => {
    const answer = await fetch(`${origin}/api${path}`, {
      method,
      headers: { origin, cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify(body) }),
    })
    const [set] = answer.headers.getSetCookie()
    if (set !== undefined) cookie = set.split(';', 1)[0] ?? ''
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    const json: unknown = text === '' ? null : JSON.parse(text)
    if (typeof json === 'object' && json !== null && 'csrf' in json) csrf = String(json.csrf)
    return json
  }
  await ask('POST', '/session', { login, password: DEMO_PASSWORD })
  return ask
}

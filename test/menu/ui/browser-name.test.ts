import t from 'tap'
import { browserName } from '../../../src/menu/ui/src/screens/browser-name.ts'

/* Sessions are told apart by their browsers as people call them. */

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
const rows = [
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT}`, 'Chrome, Windows'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Edg/150.0.0.0`, 'Edge, Windows'],
  [`Mozilla/5.0 (Linux; Android 16; K) ${WEBKIT}`, 'Chrome, Android'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
    'Safari, macOS',
  ],
  ['Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1', 'Safari, iPad'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', ''],
] as const
for (const [userAgent, name] of rows) t.equal(browserName(userAgent), name, userAgent)

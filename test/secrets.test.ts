import { readdir, readFile, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { demoCards } from '../src/cards/demo.ts'
import { demoTerminals } from '../src/cards/demo-setting.ts'
import { deriveCardKeys, DEMO_MASTER } from '../src/cards/keys.ts'
import { upForTest } from './up.ts'

/*
 * What a thief of the home directory finds: after a story with every kind of card data in it, good and malformed, no
 * log, no database file and no error output holds a whole number, a track, an eCode or a key. (The demo's own CSV
 * files and the profile of the thief's wishes are elsewhere: HOME/demo is not read here.)
 */
void t.test('neither logs nor database files hold card data or keys', async (t) => {
  const akart = await upForTest(t)
  const cards = demoCards(deriveCardKeys(DEMO_MASTER))
  const sold = cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN').slice(0, 8)
  const socket = connect(akart.iso.port, akart.iso.host)
  const frame = (text: string): Buffer => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(text.length)
    return Buffer.concat([length, Buffer.from(text, 'latin1')])
  }
  for (const [i, card] of sold.entries()) {
    const stan = String(i).padStart(6, '0')
    const labels = `0000000001001122173005${stan}1830051122`
    // A swipe by track 2, one by track 1, an eCode, and each cut short so that it is malformed.
    const swipe2 = `0200\x32\x38\x04\x00\x20\xc0\x80\x00006000${labels}022${card.track2.length}${card.track2}DEMO0001000000000000001985`
    const swipe1 = `0200\x32\x38\x04\x00\x00\xc8\x80\x00006000${labels}022DEMO0001000000000000001${card.track1.length}${card.track1}985`
    const ecode = `0100\x72\x38\x04\x00\x00\xc0\x80\x0416${card.number}316000${labels}812DEMO0001000000000000001985${String(card.ecode.length).padStart(3, '0')}${card.ecode}`
    for (const message of [swipe2, swipe1, ecode]) {
      socket.write(frame(message))
      socket.write(frame(message.slice(0, -2)))
      socket.write(frame(message + card.number))
    }
  }
  let answered = 0
  socket.on('data', (chunk: Buffer) => (answered += chunk.length))
  await sleep(1500)
  t.ok(answered > 2000, `${answered} bytes of answers`)
  socket.destroy()
  await akart.stop()

  const canaries = [
    ...sold.flatMap(({ number, track1, track2, ecode }) => [number, track1, track2, ecode, ecode.replaceAll('-', '')]),
    ...demoTerminals.flatMap(({ key }) => (key === null ? [] : [key, key.toUpperCase()])),
  ]
  for (const place of ['log', 'mariadb']) {
    for (const file of await files(join(akart.home, place))) {
      const content = await readFile(file)
      const found = canaries.filter((canary) => content.includes(canary))
      t.equal(found.length, 0, `${file.slice(akart.home.length)} holds ${found.length} canaries`)
    }
  }
  t.notMatch(akart.errors(), /\d{13,}/u)
})

async function files(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true })
  const all = names.map((name) => join(directory, name))
  const kinds = await Promise.all(all.map(async (file) => ({ file, plain: (await stat(file)).isFile() })))
  return kinds.filter(({ plain }) => plain).map(({ file }) => file)
}

import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { linesWithoutControls } from '../text/controls.ts'

/**
 * The console for people: names, reasons and messages come from files, the network and the database, and nothing in them
 * steers the terminal that they are shown on. JSON stays JSON.
 */
export const plainConsole = (out: NodeJS.WritableStream, errors: NodeJS.WritableStream): Console =>
  new Console({ stdout: plain(out), stderr: plain(errors), colorMode: false })

const plain = (to: NodeJS.WritableStream): Writable =>
  new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _encoding, done) {
      to.write(linesWithoutControls(text.toString()))
      done()
    },
  })

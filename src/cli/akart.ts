#!/usr/bin/env node
import { hideBin } from 'yargs/helpers'
import { plainConsole } from './plain-console.ts'
import { runCommand } from './run-command.ts'

// Before anything prints: whatever a command shows goes through it.
globalThis.console = plainConsole(process.stdout, process.stderr)

// `akart … | head` has seen enough.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const code = await runCommand(hideBin(process.argv))
// Ending a process drops what a pipe has not taken yet: 64 KB are in it, the rest is gone.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))))
// Something may still be open (a connection that does not close); a finished command must not wait for it.
process.exit(code)

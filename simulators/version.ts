import { readFileSync } from 'node:fs'

/** The simulator's own, from build/simulators: whichever package it came in. */
const PACKAGE = new URL('../../simulators/package.json', import.meta.url)

export const version = (): string => (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version

import Module, { createRequire } from 'node:module'
import type Iso8583 from 'iso_8583'

/*
 * The npm package `iso_8583` without the package date-fns: 313 files, 0.2 s of processor at each start, for time stamps that
 * only the package's own helper would ask for, and no message of ours does.
 */

const require = createRequire(import.meta.url)
const dates = createRequire(require.resolve('iso_8583')).resolve('date-fns')
const nothing = new Module(dates)
nothing.loaded = true
require.cache[dates] ??= nothing

export const Iso8583Package = require('iso_8583') as typeof Iso8583

// Other users get the whole package.
if (require.cache[dates] === nothing) delete require.cache[dates]

// The same as engine.kill.test.ts, many times.
process.env['AKART_ENGINE_KILLS'] ??= '200'
await import('./engine.kill.test.ts')

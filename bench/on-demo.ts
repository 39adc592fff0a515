import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type RunningAkart, startAkart } from './akart.ts'
import { PLACE } from './books.ts'
import { loadAverage } from './machine.ts'

/** Runs a measurement on `akart up` with demo data in a home of its own, and proves its books afterwards. */
export async function onDemo(
  environment: NodeJS.ProcessEnv,
  measure: (akart: RunningAkart) => Promise<void>,
): Promise<void> {
  console.log(`${availableParallelism()} cores, node ${process.versions.node}, load ${loadAverage()} before the run`)
  await mkdir(PLACE, { recursive: true })
  const home = await mkdtemp(join(PLACE, 'home-'))
  try {
    const akart = await startAkart(home, environment)
    try {
      await measure(akart)
      await akart.prove()
    } finally {
      await akart.stop()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

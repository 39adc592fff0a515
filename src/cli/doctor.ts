import type { CommandModule } from 'yargs'
import { examine } from '../app/doctor/examine.ts'
import { type Home, withHome } from './who.ts'

export const doctorCommand: CommandModule<object, Home & { config: string | undefined; json: boolean }> = {
  command: 'doctor',
  describe: 'Check machine, home, settings, certificates and database, and say what to do; changes nothing',
  builder: (yargs) =>
    withHome(yargs)
      .option('config', { type: 'string', describe: 'YAML file laid over config/default.yaml' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object a line' }),
  async handler({ home, config, json }) {
    const findings = await examine(home, config)
    for (const finding of findings) {
      if (json) {
        console.log(JSON.stringify(finding))
        continue
      }
      console.log(`${finding.verdict.padEnd(4)}  ${finding.topic.padEnd(13)}  ${finding.text}`)
      if (finding.remedy !== '') console.log(`      ${''.padEnd(13)}  → ${finding.remedy}`)
    }
    const failed = findings.filter(({ verdict }) => verdict === 'fail').length
    const warned = findings.filter(({ verdict }) => verdict === 'warn').length
    if (!json) console.log(`${findings.length} checks, ${failed} failed, ${warned} warnings`)
    process.exitCode = failed === 0 ? 0 : 1
  },
}

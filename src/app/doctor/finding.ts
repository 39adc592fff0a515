/** The result of one check of the installation. `remedy` says what to do; it is empty if nothing has to be done. */
export type Finding = {
  readonly topic: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly text: string
  readonly remedy: string
}

export const ok = (topic: string, text: string): Finding => ({ topic, verdict: 'ok', text, remedy: '' })

export const warn = (topic: string, text: string, remedy: string): Finding => ({ topic, verdict: 'warn', text, remedy })

export const fail = (topic: string, text: string, remedy: string): Finding => ({ topic, verdict: 'fail', text, remedy })

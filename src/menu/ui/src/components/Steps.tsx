import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'
import { Shape } from './Status.tsx'
import classes from './Steps.module.css'

export type Step = {
  readonly id: string
  readonly name: string
  readonly state: 'done' | 'now' | 'later'
  /** Author and time. */
  readonly who?: ReactNode
  readonly result?: ReactNode
  /** The possible acts of this step. */
  readonly body?: ReactNode
}

/** A procedure of several people: finished steps, the next one, and the person who takes it. */
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  const t = useText()
  return (
    <ol aria-label={label}>
      {steps.map(({ id, name, state, who, result, body }, index) => (
        <li key={id} className={clsx(classes.step, classes[state])} aria-current={state === 'now' ? 'step' : undefined}>
          <span className={classes.mark}>{state === 'done' ? <Shape tone="good" /> : index + 1}</span>
          <div className={classes.words}>
            <div className={classes.line}>
              <h3 className={classes.name}>{name}</h3>
              <span className={classes.state}>{t(`step.${state}`)}</span>
              {who !== undefined && <span className={classes.who}>{who}</span>}
            </div>
            {result !== undefined && <p className={classes.result}>{result}</p>}
            {body !== undefined && <div className={classes.body}>{body}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}

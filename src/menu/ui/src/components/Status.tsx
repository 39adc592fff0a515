import clsx from 'clsx'
import type { ReactNode } from 'react'
import classes from './Status.module.css'

/** plain: normal · good: completed · wait: running or waiting · warn: needs attention · bad: refused, stopped */
export type Tone = 'plain' | 'good' | 'wait' | 'warn' | 'bad'

/** A shape for each tone, so that colour never speaks alone. */
const SHAPES: Record<Tone, ReactNode> = {
  plain: <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  good: <path d="M1.5 5.4 4 7.8 8.6 2.4" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  wait: (
    <>
      <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5 1.75a3.25 3.25 0 0 1 0 6.5z" fill="currentColor" />
    </>
  ),
  warn: <path d="M5 1 9.4 8.8H.6z" fill="currentColor" />,
  bad: <path d="m2 2 6 6m0-6-6 6" fill="none" stroke="currentColor" strokeWidth="1.9" />,
}

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={clsx(classes.status, classes[tone])}>
      <Shape tone={tone} />
      {children}
    </span>
  )
}

export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg className={classes.shape} viewBox="0 0 10 10" aria-hidden>
      {SHAPES[tone]}
    </svg>
  )
}

import clsx from 'clsx'
import type { ReactNode } from 'react'
import classes from './Facts.module.css'

export type Fact = readonly [label: ReactNode, value: ReactNode]

/** Label and value, one a line. Two columns where there is room. */
export function Facts({ facts, columns = 1 }: { facts: readonly Fact[]; columns?: 1 | 2 }) {
  return (
    <dl className={clsx(classes.facts, columns === 2 && classes.two)}>
      {facts.map(([label, value], index) => (
        <div key={index} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

import classes from './Spark.module.css'

const WIDTH = 72
const HEIGHT = 20

/** The last half hour as a line; the number beside it is the text, so this is hidden from screen readers. */
export function Spark({ points }: { points: readonly number[] }) {
  const top = Math.max(...points, 1)
  const x = (index: number) => (index / (points.length - 1)) * (WIDTH - 4) + 2
  const y = (value: number) => HEIGHT - 3 - (value / top) * (HEIGHT - 6)
  const line = points
    .map((value, index) => `${index ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('')
  const last = points.at(-1) ?? 0
  return (
    <svg className={classes.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden>
      <path d={`M2 ${HEIGHT - 0.5}H${WIDTH - 2}`} className={classes.base} />
      <path d={line} className={classes.line} />
      <circle cx={x(points.length - 1)} cy={y(last)} r="2" className={classes.dot} />
    </svg>
  )
}

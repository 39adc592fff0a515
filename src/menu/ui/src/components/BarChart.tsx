import classes from './BarChart.module.css'

type Props = {
  label: string
  bars: readonly { readonly name: string; readonly value: number; readonly shown: string }[]
}

/** The most bars side by side; of a longer period only the latest part is drawn. */
const MOST = 92
const HEIGHT = 120
const WIDTH = 1000
const WIDEST = 60
/** The number of names that fit under their bars; with more bars, only the first and the last have names. */
const NAMED = 8

/** Bars of one figure, above and below zero. The table below has the same figures; here each bar is labelled. */
export function BarChart({ label, bars }: Props) {
  const shown = bars.slice(-MOST)
  const top = Math.max(0, ...shown.map(({ value }) => value))
  const bottom = Math.min(0, ...shown.map(({ value }) => value))
  const scale = top - bottom === 0 ? 0 : HEIGHT / (top - bottom)
  const step = WIDTH / Math.max(1, shown.length)
  const zero = top * scale
  const isNamed = shown.length <= NAMED
  return (
    <figure className={classes.figure}>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${shown.map(({ name, shown: figure }) => `${name} ${figure}`).join('; ')}`}
      >
        {shown.map(({ name, value, shown: figure }, i) => (
          <rect
            key={name}
            className={value < 0 ? classes.below : classes.bar}
            x={(i + 0.5) * step - Math.min(step * 0.7, WIDEST) / 2}
            width={Math.min(step * 0.7, WIDEST)}
            y={value < 0 ? zero : zero - value * scale}
            height={Math.max(1, Math.abs(value) * scale)}
          >
            <title>{`${name}: ${figure}`}</title>
          </rect>
        ))}
        <line className={classes.axis} x1={0} x2={WIDTH} y1={zero} y2={zero} />
      </svg>
      <figcaption className={isNamed ? classes.names : classes.ends}>
        {(isNamed ? shown : [...shown.slice(0, 1), ...shown.slice(-1)]).map(({ name }) => (
          <span key={name}>{name}</span>
        ))}
      </figcaption>
    </figure>
  )
}

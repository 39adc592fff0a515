import { escaped } from '../report/report.ts'

/** A line of a chart, a value for each second; null leaves a gap. */
export type Curve = { readonly name: string; readonly values: readonly (number | null)[] }

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [900, 260, 64, 40, 12] as const
/** Colours that are distinguishable without red and green (Okabe and Ito); the lines are also labelled. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a6d00', '#777777'] as const
const TICKS = 4

/** The next of 1, 2, 5, 10, 20, 50 … so that ticks are round numbers. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const found = [1, 2, 4, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10
  return found * power
}

const shortly = (value: number): string =>
  value >= 10_000 ? `${Number((value / 1_000).toPrecision(3))}k` : String(Number(value.toPrecision(3)))

function pathOf(values: readonly (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  let pen = 'M'
  const parts = values.flatMap((value, i) => {
    if (value === null) {
      pen = 'M'
      return []
    }
    const part = `${pen}${x(i).toFixed(1)},${y(value).toFixed(1)}`
    pen = 'L'
    return [part]
  })
  return parts.join('')
}

/** A chart over time as SVG, in one piece: axes with round numbers, a line and a name for each curve. */
export function chartOf(title: string, unit: string, curves: readonly Curve[]): string {
  const all = curves.flatMap(({ values }) => values.filter((value) => value !== null))
  const seconds = Math.max(...curves.map(({ values }) => values.length), 2)
  const most = roundUp(Math.max(...all, 0))
  const x = (i: number) => LEFT + (i / (seconds - 1)) * (WIDTH - LEFT - 90)
  const y = (value: number) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM)
  const grid = Array.from({ length: TICKS + 1 }, (_, i) => {
    const value = (most * i) / TICKS
    const height = y(value).toFixed(1)
    const line = `<line x1="${LEFT}" x2="${WIDTH - 90}" y1="${height}" y2="${height}" stroke="currentColor" opacity=".15"/>`
    return `${line}<text x="${LEFT - 6}" y="${height}" text-anchor="end" dominant-baseline="middle">${shortly(value)}</text>`
  })
  const times = Array.from({ length: 5 }, (_, i) => {
    const second = Math.round(((seconds - 1) * i) / 4)
    return `<text x="${x(second).toFixed(1)}" y="${HEIGHT - 22}" text-anchor="middle">${second} s</text>`
  })
  const lines = curves.map(({ name, values }, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? 'currentColor'
    const height = TOP + 14 + i * 15
    const label = `<text x="${WIDTH - 82}" y="${height}" style="fill:${colour}">${escaped(name)}</text>`
    return `<path d="${pathOf(values, x, y)}" fill="none" stroke="${colour}" stroke-width="1.6"/>${label}`
  })
  const head = `<title>${escaped(`${title}, ${unit}`)}</title>`
  const caption = `<text x="${LEFT}" y="${HEIGHT - 4}">${escaped(unit)}</text>`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${[head, ...grid, ...times, ...lines, caption].join('')}</svg>`
}

import { useText } from '../i18n/use-text.ts'

export interface PpmLine {
  readonly label: string
  readonly look: 'predicted' | 'inside' | 'outside'
  /** In time order. A `null` breaks the line. */
  readonly points: readonly { readonly atS: number; readonly ppm: number | null }[]
}

export interface PpmChartProps {
  readonly title: string
  readonly lines: readonly PpmLine[]
  readonly targetPpm: number
}

/** In units of the drawing; it is stretched to its place. */
const WIDTH = 640
const HEIGHT = 260
const LEFT = 58
const RIGHT = 632
const TOP = 10
const BOTTOM = 232
/** A room is cleared at 1 ppm and gassed at hundreds: only powers of ten show both. */
const DECADES = [0.1, 1, 10, 100, 1000] as const
const LIMIT_PPM = 1

/** Concentration over time. The figures stand beside it as a table: it is a picture of them, not the other way round. */
export function PpmChart({ title, lines, targetPpm }: PpmChartProps) {
  const text = useText()
  const endS = Math.max(600, ...lines.flatMap(({ points }) => points.map(({ atS }) => atS)))
  const x = (atS: number): number => LEFT + ((RIGHT - LEFT) * atS) / endS
  const y = (ppm: number): number => {
    const [least, most] = [DECADES[0], DECADES.at(-1)!]
    const share = Math.log(Math.min(most, Math.max(least, ppm)) / least) / Math.log(most / least)
    return BOTTOM - (BOTTOM - TOP) * share
  }
  const hourS = endS > 6 * 3600 ? 3600 : endS > 5400 ? 1800 : 600
  const hours = Array.from({ length: Math.floor(endS / hourS) + 1 }, (_, index) => index * hourS)
  return (
    <figure className="ppm-chart" aria-label={title}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
        {DECADES.map((ppm) => (
          <g key={ppm}>
            <line className="ppm-grid" x1={LEFT} x2={RIGHT} y1={y(ppm)} y2={y(ppm)} />
            <text className="ppm-tick" x={LEFT - 6} y={y(ppm) + 4} textAnchor="end">
              {ppm}
            </text>
          </g>
        ))}
        {hours.map((atS) => (
          <text key={atS} className="ppm-tick" x={x(atS)} y={BOTTOM + 18} textAnchor="middle">
            {text.gas.clock(atS)}
          </text>
        ))}
        {[
          // Under the plateau, and above where nothing is outside.
          { ppm: targetPpm, words: text.gas.chartTarget(targetPpm), className: 'ppm-mark-under' },
          { ppm: LIMIT_PPM, words: text.gas.chartLimit, className: 'ppm-mark-over' },
        ].map(({ ppm, words, className }) => (
          <g key={words}>
            <line className="ppm-mark" x1={LEFT} x2={RIGHT} y1={y(ppm)} y2={y(ppm)} />
            <text className={`ppm-mark-words ${className}`} x={LEFT + 16} y={y(ppm)}>
              {words}
            </text>
          </g>
        ))}
        {lines.map(({ label, look, points }) => (
          <path key={label} className={`ppm-line ppm-line-${look}`} d={pathOf(points, x, y)} />
        ))}
      </svg>
      <figcaption className="ppm-legend">
        {lines.map(({ label, look }) => (
          <span key={label} className={`ppm-key ppm-key-${look}`}>
            {label}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

function pathOf(points: PpmLine['points'], x: (atS: number) => number, y: (ppm: number) => number): string {
  let isDrawing = false
  return points
    .map(({ atS, ppm }) => {
      if (ppm === null) {
        isDrawing = false
        return ''
      }
      const step = `${isDrawing ? 'L' : 'M'}${x(atS).toFixed(1)} ${y(ppm).toFixed(1)}`
      isDrawing = true
      return step
    })
    .join('')
}

import { useId } from 'react'

export type PartLook = 'solid' | 'hatched' | 'empty' | 'crossed'

export interface ChartRow {
  readonly label: string
  /** Beside the bar: "3 of 4". */
  readonly words: string
  /** In the order of the chart's parts. */
  readonly values: readonly number[]
}

export interface RowChartProps {
  readonly title: string
  readonly parts: readonly { readonly label: string; readonly look: PartLook }[]
  readonly rows: readonly ChartRow[]
}

/**
 * Bars on one scale, their parts told apart by their hatching as well as by colour. The figures stand beside it as a table:
 * it is a picture of them.
 */
export function RowChart({ title, parts, rows }: RowChartProps) {
  const id = useId()
  const most = Math.max(1, ...rows.map(({ values }) => sumOf(values)))
  const percent = (value: number): string => `${(100 * value) / most}%`
  return (
    <figure className="row-chart" aria-label={title}>
      <Patterns id={id} />
      <div aria-hidden="true">
        {rows.map(({ label, words, values }, index) => (
          <div key={`${index} ${label}`} className="row-chart-row">
            <span className="row-chart-label">{label}</span>
            <svg focusable="false">
              {values.map((value, part) => (
                <rect
                  key={parts[part]!.label}
                  className={`row-chart-part row-chart-${parts[part]!.look}`}
                  {...fillOf(parts[part]!.look, id)}
                  x={percent(sumOf(values.slice(0, part)))}
                  y="1"
                  width={percent(value)}
                  height="16"
                />
              ))}
            </svg>
            <span className="row-chart-words">{words}</span>
          </div>
        ))}
      </div>
      {parts.length > 1 && (
        <figcaption className="row-chart-legend">
          {parts.map(({ label, look }) => (
            <span key={label}>
              <svg aria-hidden="true" focusable="false">
                <rect
                  className={`row-chart-part row-chart-${look}`}
                  {...fillOf(look, id)}
                  x="1"
                  y="1"
                  width="26"
                  height="12"
                />
              </svg>
              {label}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  )
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function fillOf(look: PartLook, id: string): { fill?: string } {
  return look === 'hatched' || look === 'crossed' ? { fill: `url(#${id}-${look})` } : {}
}

function Patterns({ id }: { readonly id: string }) {
  const square = { width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }
  return (
    <svg className="row-chart-patterns" aria-hidden="true" focusable="false">
      <defs>
        <pattern id={`${id}-hatched`} {...square}>
          <path className="row-chart-line row-chart-line-hatched" d="M0 0V6" />
        </pattern>
        <pattern id={`${id}-crossed`} {...square}>
          <path className="row-chart-line row-chart-line-crossed" d="M0 0V6M0 0H6" />
        </pattern>
      </defs>
    </svg>
  )
}

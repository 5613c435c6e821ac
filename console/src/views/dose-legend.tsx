import { useText } from '../i18n/use-text.ts'
import { scaleGradient, scaleTicks } from '../look/dose-scale.ts'
import { formatDose, formatLog } from './figures.ts'

/** Nobody has shown more than this; a dose beyond it is only "more". */
const HIGHEST_LOG = 6

export interface DoseLegendProps {
  readonly title: string
  readonly targetMjPerCm2: number
  /** `null` when the organism is not known: then without log reduction. */
  readonly d90MjPerCm2: number | null
}

export function DoseLegend({ title, targetMjPerCm2, d90MjPerCm2 }: DoseLegendProps) {
  const text = useText()
  return (
    <figure className="legend">
      <figcaption>
        {title}, {text.dose.unit}
      </figcaption>
      <div className="legend-scale" style={{ background: scaleGradient() }}>
        <span className="legend-hatch" />
        <span className="legend-target" />
      </div>
      <ol className="legend-ticks">
        {scaleTicks(targetMjPerCm2, d90MjPerCm2).map((tick) => (
          <li key={tick.fraction} className={tick.isTarget ? 'legend-tick-target' : ''}>
            {formatDose(tick.doseMjPerCm2)}
            {tick.isTarget ? ` ${text.dose.target}` : ''}
            {tick.logReduction !== null && (
              <span className="legend-log">
                {tick.logReduction > HIGHEST_LOG
                  ? text.dose.logBeyond(HIGHEST_LOG)
                  : text.dose.log(formatLog(Math.round(tick.logReduction * 10) / 10))}
              </span>
            )}
          </li>
        ))}
      </ol>
      <p className="legend-note">{text.dose.belowTarget}</p>
    </figure>
  )
}

import { logReductionForDose, type Organism } from '@wardlight/core/disinfection'
import { useText } from '../i18n/use-text.ts'
import { scaleGradient, scaleTicks } from '../look/dose-scale.ts'
import { logWords } from './dose-words.ts'
import { formatDose } from './figures.ts'

export interface DoseLegendProps {
  readonly title: string
  readonly targetMjPerCm2: number
  /** `null` when the organism is not known: then without log reduction. */
  readonly organism: Organism | null
}

export function DoseLegend({ title, targetMjPerCm2, organism }: DoseLegendProps) {
  const text = useText()
  // The cautious end, as plans go by.
  const logReductionOf =
    organism === null ? null : (doseMjPerCm2: number) => logReductionForDose(organism, doseMjPerCm2)
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
        {scaleTicks(targetMjPerCm2, logReductionOf).map((tick) => (
          <li key={tick.fraction} className={tick.isTarget ? 'legend-tick-target' : ''}>
            {formatDose(tick.doseMjPerCm2, text.locale)}
            {tick.isTarget ? ` ${text.dose.target}` : ''}
            {tick.logReduction !== null && (
              <span className="legend-log">{logWords(text, tick.logReduction)}</span>
            )}
          </li>
        ))}
      </ol>
      <p className="legend-note">{text.dose.belowTarget}</p>
    </figure>
  )
}

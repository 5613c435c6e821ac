import type { Surface } from '@wardlight/core/disinfection'
import type { DoseReport } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDose } from './figures.ts'
import { doseByFace } from './missed-groups.ts'

export function Timeline({ dose }: { readonly dose: DoseReport }) {
  const text = useText()
  return (
    <ol className="events">
      {dose.timeline.map((entry) => (
        <li key={`${entry.at} ${entry.phase}`}>
          <span className="events-at">{text.time.clock(entry.at)}</span>
          <span>{text.mission.phases[entry.phase]}</span>
        </li>
      ))}
    </ol>
  )
}

export function ArmingRecord({ dose }: { readonly dose: DoseReport }) {
  const text = useText()
  if (dose.arming.length === 0) return <p>{text.report.noArming}</p>
  return (
    <ol className="events">
      {dose.arming.map((entry) => (
        <li key={`${entry.at} ${entry.step}`}>
          <span className="events-at">{text.time.clock(entry.at)}</span>
          <span>
            {text.report.armingSteps[entry.step] ?? entry.step}
            {entry.by !== null && <span className="field-hint"> {entry.by}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}

export interface FaceTableProps {
  readonly surfaces: readonly Surface[]
  readonly dose: DoseReport
}

/** The dose map in words. */
export function FaceTable({ surfaces, dose }: FaceTableProps) {
  const text = useText()
  const faces = doseByFace(surfaces, dose.deliveredMjPerCm2, dose.targetMjPerCm2)
  return (
    <table className="face-table">
      <thead>
        <tr>
          <th scope="col">{text.missed.surface}</th>
          <th scope="col" className="number">
            {text.report.lowest}, {text.dose.unit}
          </th>
          <th scope="col" className="number">
            {text.report.share}
          </th>
        </tr>
      </thead>
      <tbody>
        {faces.map((face) => (
          <tr key={face.label}>
            <td>{face.label}</td>
            <td className="number">{formatDose(face.lowestMjPerCm2)}</td>
            <td className="number">{text.request.share(face.reached, face.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

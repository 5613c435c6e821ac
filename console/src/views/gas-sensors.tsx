import type { GasView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'

/** Older readings are no readings: a sensor speaks each second. */
const SILENT_S = 5

/** Each sensor with what it says now: those in the room first. */
export function GasSensors({ sensors }: { readonly sensors: GasView['sensors'] }) {
  const text = useText()
  if (sensors.length === 0) return <p className="field-hint">{text.gas.noSensors}</p>
  const ordered = sensors.toSorted(
    (a, b) => Number(b.isInside) - Number(a.isInside) || a.sensorId.localeCompare(b.sensorId),
  )
  return (
    <table className="face-table">
      <caption className="visually-hidden">{text.gas.sensors}</caption>
      <thead>
        <tr>
          <th scope="col">{text.gas.sensor}</th>
          <th scope="col">{text.gas.where}</th>
          <th scope="col" className="number">
            {text.gas.reading}
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered.map(({ sensorId, isInside, place, ppm, ageS }) => (
          <tr key={sensorId}>
            <td>{sensorId}</td>
            <td>{isInside ? text.gas.inTheRoom : place}</td>
            <td className="number">
              {ppm === null || ageS > SILENT_S ? text.gas.noReading : text.gas.ppm(ppm)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

import type { StepPlan } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Notice } from '../ui/notice.tsx'
import { PpmChart } from './ppm-chart.tsx'

type GasPlan = Extract<StepPlan, { cycle: unknown }>

/** What a cycle will need and take, before anybody approves it. Everything of it is a prediction, and says so. */
export function GasPlanFigures({ plan }: { readonly plan: GasPlan }) {
  const text = useText()
  const { cycle, prediction } = plan
  return (
    <>
      <dl className="figures">
        <div>
          <dt>{text.gas.enterAgain}</dt>
          <dd>
            <strong>{text.gas.about(text.time.duration(prediction.totalS.likely))}</strong>
            <span className="field-hint">{span(text.time.duration, prediction.totalS)}</span>
          </dd>
        </div>
        <div>
          <dt>{text.gas.solution}</dt>
          <dd>
            <strong>{text.gas.ml(Math.ceil(cycle.solutionMl))}</strong>
            <span className="field-hint">{text.gas.grams(cycle.h2o2G, cycle.volumeM3)}</span>
          </dd>
        </div>
        <div>
          <dt>{text.gas.peak}</dt>
          <dd>
            <strong>{text.gas.ppm(prediction.peakPpm.likely)}</strong>
            <span className="field-hint">{span((ppm) => text.gas.ppm(ppm), prediction.peakPpm)}</span>
          </dd>
        </div>
        <div>
          <dt>{text.gas.target}</dt>
          <dd>
            <strong>{text.gas.ppm(cycle.targetPpm)}</strong>
            <span className="field-hint">{text.gas.heldFor(text.time.duration(cycle.dwellS))}</span>
          </dd>
        </div>
        <div>
          <dt>{text.gas.airChanges}</dt>
          <dd>
            <strong>{text.gas.perHour(prediction.airChangesPerHour)}</strong>
          </dd>
        </div>
      </dl>
      <Notice icon="clock" tone="attention">
        <p>{text.gas.predictionOnly}</p>
      </Notice>
      <PpmChart
        title={text.gas.chartTitle}
        targetPpm={cycle.targetPpm}
        lines={[{ label: text.gas.predicted, look: 'predicted', points: prediction.course }]}
      />
      <table className="face-table">
        <caption className="visually-hidden">{text.gas.phasesTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{text.gas.phase}</th>
            <th scope="col" className="number">
              {text.gas.likely}
            </th>
            <th scope="col" className="number">
              {text.gas.range}
            </th>
          </tr>
        </thead>
        <tbody>
          {prediction.phases
            .filter(({ seconds }) => seconds.most > 0)
            .map(({ name, seconds }) => (
              <tr key={name}>
                <td>{text.gas.cyclePhases[name]}</td>
                <td className="number">{text.time.duration(seconds.likely)}</td>
                <td className="number">{span(text.time.duration, seconds)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {prediction.neighbours.length > 0 && (
        <section className="stack">
          <h4>{text.gas.nextDoor}</h4>
          <ul className="plain-list">
            {prediction.neighbours.map(({ name, peakPpm }) => (
              <li key={name} className="split">
                <span>{name}</span>
                <strong>{text.gas.upTo(text.gas.ppm(peakPpm))}</strong>
              </li>
            ))}
          </ul>
          <p className="field-hint">{text.gas.nextDoorHint}</p>
        </section>
      )}
      {prediction.notes.length > 0 && (
        <Notice icon="warning" title={text.request.notesTitle}>
          {prediction.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Notice>
      )}
    </>
  )
}

function span(
  words: (value: number) => string,
  { least, most }: { readonly least: number; readonly most: number },
): string {
  const [from, to] = [words(least), words(most)]
  return from === to ? from : `${from} – ${to}`
}

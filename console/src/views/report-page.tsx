import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { useConsole } from './console-context.ts'
import { DoseReportView } from './dose-report.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { GasReportView } from './gas-report.tsx'
import { ProofCard } from './proof-card.tsx'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'

/** The proof of one treatment, to read, to sign and to print. */
export function ReportPage({ missionId }: { readonly missionId: string }) {
  const text = useText()
  const { api } = useConsole()
  const mission = useFleet((state) => state.live?.missions[missionId])
  // It grows when the mission ends and when someone signs: then it is loaded again.
  const version = `${mission?.phase === 'finished'} ${mission?.signatures.length ?? 0} ${mission?.releasedAt ?? ''} ${mission?.handMeasurement?.at ?? ''}`
  const { value, failure, reload } = useResource(`${missionId} ${version}`, () => api.report(missionId))
  if (failure !== null) {
    return (
      <main id="content" className="report stack">
        <h1>{text.report.title}</h1>
        <p>{text.report.notYet}</p>
        <FailureNotice failure={failure} />
        <div className="actions">
          <Button onPress={reload}>{text.retry}</Button>
          <a className="button" href={hrefOf({ page: 'mission', missionId })}>
            {text.rooms.openMission}
          </a>
        </div>
        <ProofCard missionId={missionId} version={version} />
      </main>
    )
  }
  if (value === null) {
    return (
      <main id="content" className="report">
        <p>{text.report.loading}</p>
      </main>
    )
  }
  return value.method === 'uv' ? (
    <DoseReportView report={value} onReleased={reload} version={version} />
  ) : (
    <GasReportView report={value} onReleased={reload} version={version} />
  )
}

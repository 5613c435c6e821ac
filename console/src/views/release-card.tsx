import type { MissionReport, MissionView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Icon } from '../ui/icon.tsx'
import { SignatureList } from './confirmations.tsx'
import { useConsole } from './console-context.ts'
import { ReleaseForm } from './release-form.tsx'
import { hrefOf } from './route.ts'
import { signingOf } from './signing.ts'
import { useFleet } from './use-fleet.ts'

export interface ReleaseCardProps {
  readonly report: MissionReport
  /** Surfaces that are to be wiped first. */
  readonly missed: number
  readonly onReleased: () => void
}

/** Who released the room, or what is still needed for it. */
export function ReleaseCard({ report, missed, onReleased }: ReleaseCardProps) {
  const text = useText()
  const { serverInfo } = useConsole()
  const mission = useFleet((state) => state.live?.missions[report.missionId])
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  return (
    <section className="card">
      <h2>{text.report.release}</h2>
      {report.signaturesNeeded > 1 && (
        <>
          <p>{text.report.signatures(report.signatures.length, report.signaturesNeeded)}</p>
          <SignatureList signatures={report.signatures} />
        </>
      )}
      {report.releasedBy !== null && report.releasedAt !== null ? (
        <p className="arming-done">
          <Icon name="check" />
          <span>
            {text.report.released(report.releasedBy, when(report.releasedAt))}
            {report.releaseNote !== null && <span className="field-hint"> {report.releaseNote}</span>}
          </span>
        </p>
      ) : report.verdict !== 'proven' ? (
        <>
          <p>{text.report.notProvenWarning}</p>
          <a className="button" href={hrefOf({ page: 'room', roomId: report.roomId })}>
            {text.report.disinfectAgain}
          </a>
        </>
      ) : report.stepNumber + 1 < report.steps.length ? (
        <p>{text.gas.notLastStep}</p>
      ) : mission === undefined ? null : (
        <Signing missed={missed} mission={mission} onReleased={onReleased} />
      )}
    </section>
  )
}

interface SigningProps {
  readonly missed: number
  readonly mission: MissionView
  readonly onReleased: () => void
}

/** The form for who may sign now; for everybody else, whom it waits for. */
function Signing({ missed, mission, onReleased }: SigningProps) {
  const text = useText()
  const { user, serverInfo } = useConsole()
  const roles = mission.signatureRoles.map((role) => text.roles[role] ?? role).join(', ')
  const signing = signingOf(user, mission.signatureRoles, mission.signatures)
  if (signing === 'signed') return <p>{text.report.youSigned(roles)}</p>
  if (signing === 'mayNot') return <p>{text.report.notReleased(roles)}</p>
  return (
    <>
      {mission.signableFrom !== null && (
        <p className="field-hint">
          {text.report.waitsUntil(formatDateTime(mission.signableFrom, serverInfo.timeZone, text.locale))}
        </p>
      )}
      {mission.signaturesNeeded > 1 && <p className="field-hint">{text.report.lastSigns}</p>}
      <ReleaseForm missed={missed} mission={mission} onReleased={onReleased} />
    </>
  )
}

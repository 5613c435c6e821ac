import type { OutbreakQuery, OutbreakTouch, OutbreakView } from '@wardlight/core/fleet'
import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { TextField } from '../ui/fields.tsx'
import { Select } from '../ui/select.tsx'
import { ComplianceSection } from './compliance-section.tsx'
import { useConsole } from './console-context.ts'
import { RetryNotice } from './retry-notice.tsx'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'

/** Which rooms, robots and runs touched an organism. */
export function OutbreakSection() {
  const text = useText()
  const { api, organisms } = useConsole()
  const words = text.compliance.outbreak
  const [organism, setOrganism] = useState<string | null>(null)
  const [since, setSince] = useState('')
  const query: OutbreakQuery | null =
    organism === null ? null : { organism, ...(since === '' ? {} : { since }) }
  const outbreak = useResource(query === null ? null : `outbreak ${JSON.stringify(query)}`, () =>
    api.outbreak(query!),
  )
  const { value, failure } = outbreak
  return (
    <ComplianceSection
      title={words.title}
      hint={words.hint}
      exports={
        query === null || value === null
          ? []
          : [
              {
                href: `/api/compliance/export.csv?${new URLSearchParams({ table: 'outbreak', ...query }).toString()}`,
                label: words.title,
              },
            ]
      }
    >
      <div className="compliance-filter">
        <Select
          label={words.organism}
          placeholder={words.choose}
          value={organism}
          choices={organisms.map(({ id, name }) => ({ id, label: name }))}
          onChange={setOrganism}
        />
        <TextField label={words.since} hint={words.sinceHint} type="date" value={since} onChange={setSince} />
      </div>
      <RetryNotice failure={failure} onRetry={outbreak.reload} />
      {query !== null && value === null && failure === null && <p>{text.loading}</p>}
      {value !== null && <Trail view={value} />}
    </ComplianceSection>
  )
}

function Trail({ view }: { readonly view: OutbreakView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const words = text.compliance.outbreak
  if (view.touches.length === 0) return <output>{words.none}</output>
  return (
    <>
      <dl className="compliance-touched">
        <dt>{words.rooms}</dt>
        <dd>
          {view.rooms.map(({ roomId, roomName, hasCarried, carriesNow }) => (
            <span key={roomId}>
              <a href={hrefOf({ page: 'room', roomId })}>{roomName}</a>{' '}
              <span className="field-hint">
                {carriesNow ? words.carries : hasCarried ? words.carriesNot : words.neverCarried}
              </span>
            </span>
          ))}
        </dd>
        {view.robots.length > 0 && (
          <>
            <dt>{words.robots}</dt>
            <dd>
              {view.robots.map(({ robotId, carriesNow }) => (
                <span key={robotId}>
                  <RobotLink robotId={robotId} />{' '}
                  <span className="field-hint">{carriesNow ? words.carries : words.carriesNot}</span>
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      <table className="compliance-table compliance-words" aria-label={words.title}>
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            <th scope="col">{words.what}</th>
          </tr>
        </thead>
        <tbody>
          {view.touches.map((touch, index) => (
            <tr key={`${index} ${touch.at}`}>
              <td>
                {touch.at === null
                  ? words.always
                  : formatDateTime(touch.at, serverInfo.timeZone, text.locale)}
              </td>
              <td>
                <TouchWords touch={touch} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** Robot, what it did, room; or room, what became of it. */
function TouchWords({ touch }: { readonly touch: OutbreakTouch }) {
  const text = useText()
  const words = text.compliance.outbreak
  const { kind, roomId, roomName, robotId, missionId, verdict, by } = touch
  const room = roomId !== null && <a href={hrefOf({ page: 'room', roomId })}>{roomName}</a>
  return (
    <>
      {robotId === null ? room : <RobotLink robotId={robotId} />} {words.kinds[kind]}{' '}
      {robotId !== null && room}
      {missionId !== null && (
        <>
          {': '}
          <a href={hrefOf({ page: 'mission', missionId })}>{words.openRun}</a>,{' '}
          {verdict === null ? words.noVerdict : (words.verdicts[verdict] ?? verdict)}
        </>
      )}
      {by !== null && ` ${words.by(by)}`}
    </>
  )
}

function RobotLink({ robotId }: { readonly robotId: string }) {
  const serialNumber = useFleet((state) => state.live?.robots[robotId]?.serialNumber)
  return <a href={hrefOf({ page: 'robot', robotId })}>{serialNumber ?? robotId}</a>
}

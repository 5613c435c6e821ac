import { lazy, Suspense } from 'react'
import { useText } from '../i18n/use-text.ts'
import { unseenAlarms } from '../store/fleet-selectors.ts'
import { Button } from '../ui/button.tsx'
import { AlarmBanner } from './alarm-banner.tsx'
import { AlarmsPage } from './alarms-page.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { useConsole } from './console-context.ts'
import { EmergencyStopButton, EmergencyStopOutcome, useEmergencyStop } from './emergency-stop.tsx'
import { DoorPage } from './door-page.tsx'
import { EvacuationBanner } from './evacuation-banner.tsx'
import { MainPage } from './main-page.tsx'
import { mayReadHandOvers } from './roles.ts'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'
import { useRoute } from './use-route.ts'
import { WardsBar } from './wards-bar.tsx'

const AccountPage = lazy(async () => ({ default: (await import('./account-page.tsx')).AccountPage }))
const AuditPage = lazy(async () => ({ default: (await import('./audit-page.tsx')).AuditPage }))
const DoorSignsPage = lazy(async () => ({ default: (await import('./door-signs-page.tsx')).DoorSignsPage }))
const CompliancePage = lazy(async () => ({ default: (await import('./compliance-page.tsx')).CompliancePage }))
const EvidencePage = lazy(async () => ({ default: (await import('./evidence-page.tsx')).EvidencePage }))
const HandOverPage = lazy(async () => ({ default: (await import('./hand-over-page.tsx')).HandOverPage }))
const Hl7Page = lazy(async () => ({ default: (await import('./hl7-page.tsx')).Hl7Page }))
const NotificationsPage = lazy(async () => ({
  default: (await import('./notifications-page.tsx')).NotificationsPage,
}))
const PeoplePage = lazy(async () => ({ default: (await import('./people-page.tsx')).PeoplePage }))
const SchedulePage = lazy(async () => ({ default: (await import('./schedule-page.tsx')).SchedulePage }))
const ReportPage = lazy(async () => ({ default: (await import('./report-page.tsx')).ReportPage }))

/** What is on every page of someone signed in. The emergency stop comes first. */
export function Shell() {
  const text = useText()
  const { serverInfo, user, signOut } = useConsole()
  const route = useRoute()
  const connection = useFleet((state) => state.connection)
  const mayStop = user.role !== 'auditor'
  const emergency = useEmergencyStop(mayStop)
  const unseen = useFleet((state) => (state.live === null ? 0 : unseenAlarms(state.live).length))
  const isAuditing = user.role === 'administrator' || user.role === 'auditor'
  const isTold = isAuditing || user.role === 'engineer'
  const isRobots = route.page === 'robots' || route.page === 'robot'
  return (
    <div className="shell">
      <header className="top">
        {mayStop && <EmergencyStopButton onPress={emergency.press} />}
        <a
          className="skip-link"
          href="#content"
          onClick={(event) => {
            event.preventDefault()
            document
              .querySelector<HTMLElement>('#content')
              ?.querySelector<HTMLElement>('input, button, a, [tabindex]')
              ?.focus()
          }}
        >
          {text.skipToContent}
        </a>
        <p className="top-title">
          <span className="brand">{text.appName}</span>
          <span className="top-hospital">{serverInfo.hospitalName}</span>
        </p>
        <nav className="top-nav" aria-label={text.nav.label}>
          <a
            href={hrefOf({ page: 'rooms', levelId: null })}
            {...(['rooms', 'room', 'door', 'doorSigns', 'mission'].includes(route.page)
              ? { 'aria-current': 'page' as const }
              : {})}
          >
            {text.nav.rooms}
          </a>
          <a href={hrefOf({ page: 'robots' })} {...(isRobots ? { 'aria-current': 'page' as const } : {})}>
            {text.nav.robots}
          </a>
          <a
            href={hrefOf({ page: 'schedule', section: 'board', id: null })}
            {...(route.page === 'schedule' ? { 'aria-current': 'page' as const } : {})}
          >
            {text.nav.schedule}
          </a>
          <a
            href={hrefOf({ page: 'alarms' })}
            {...(route.page === 'alarms' ? { 'aria-current': 'page' as const } : {})}
          >
            {text.nav.alarms}
            {unseen > 0 && (
              <span className="badge" aria-label={text.alarms.unseen(unseen)}>
                {unseen}
              </span>
            )}
          </a>
          {mayReadHandOvers(user.role) && (
            <a
              href={hrefOf({ page: 'handOver' })}
              {...(route.page === 'handOver' ? { 'aria-current': 'page' as const } : {})}
            >
              {text.nav.handOver}
            </a>
          )}
          <a
            href={hrefOf({ page: 'evidence', section: 'organisms', id: null })}
            {...(route.page === 'evidence' ? { 'aria-current': 'page' as const } : {})}
          >
            {text.nav.evidence}
          </a>
          <a
            href={hrefOf({ page: 'compliance' })}
            {...(route.page === 'compliance' ? { 'aria-current': 'page' as const } : {})}
          >
            {text.nav.compliance}
          </a>
          {(user.role === 'engineer' || user.role === 'administrator') && (
            <a
              href={hrefOf({ page: 'hl7' })}
              {...(route.page === 'hl7' ? { 'aria-current': 'page' as const } : {})}
            >
              {text.nav.hl7}
            </a>
          )}
          {user.role === 'administrator' && (
            <a
              href={hrefOf({ page: 'people' })}
              {...(route.page === 'people' ? { 'aria-current': 'page' as const } : {})}
            >
              {text.nav.people}
            </a>
          )}
          {isTold && (
            <a
              href={hrefOf({ page: 'notifications' })}
              {...(route.page === 'notifications' ? { 'aria-current': 'page' as const } : {})}
            >
              {text.nav.notifications}
            </a>
          )}
          {isAuditing && (
            <a
              href={hrefOf({ page: 'audit' })}
              {...(route.page === 'audit' ? { 'aria-current': 'page' as const } : {})}
            >
              {text.nav.audit}
            </a>
          )}
        </nav>
        <p className={`line-state line-state-${connection}`}>
          <span className="line-dot" aria-hidden="true" />
          {text.connection[connection]}
        </p>
        <a
          className="top-user"
          href={hrefOf({ page: 'account' })}
          title={text.nav.account}
          {...(route.page === 'account' ? { 'aria-current': 'page' as const } : {})}
        >
          <span className="top-user-name">{user.displayName}</span>
          <span className="field-hint">{text.roles[user.role] ?? user.role}</span>
        </a>
        <Button tone="quiet" className="sign-out" onPress={signOut}>
          {text.signIn.signOut}
        </Button>
      </header>
      <EvacuationBanner />
      <AlarmBanner />
      <ConnectionBanner />
      <WardsBar isOffered={isRobots || ['rooms', 'room', 'mission', 'schedule'].includes(route.page)} />
      <EmergencyStopOutcome outcome={emergency.outcome} onDismiss={emergency.dismiss} />
      {route.page === 'report' ? (
        <Suspense fallback={<p className="page-loading">{text.report.loading}</p>}>
          <ReportPage key={route.missionId} missionId={route.missionId} />
        </Suspense>
      ) : route.page === 'door' ? (
        <DoorPage roomId={route.roomId} />
      ) : route.page === 'doorSigns' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <DoorSignsPage />
        </Suspense>
      ) : route.page === 'handOver' && mayReadHandOvers(user.role) ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <HandOverPage />
        </Suspense>
      ) : route.page === 'alarms' ? (
        <AlarmsPage />
      ) : route.page === 'hl7' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <Hl7Page />
        </Suspense>
      ) : route.page === 'compliance' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <CompliancePage />
        </Suspense>
      ) : route.page === 'schedule' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <SchedulePage section={route.section} id={route.id} />
        </Suspense>
      ) : route.page === 'account' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <AccountPage />
        </Suspense>
      ) : route.page === 'people' && user.role === 'administrator' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <PeoplePage />
        </Suspense>
      ) : route.page === 'audit' && isAuditing ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <AuditPage />
        </Suspense>
      ) : route.page === 'notifications' && isTold ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <NotificationsPage />
        </Suspense>
      ) : route.page === 'evidence' ? (
        <Suspense fallback={<p className="page-loading">{text.loading}</p>}>
          <EvidencePage section={route.section} id={route.id} />
        </Suspense>
      ) : (
        <MainPage route={route} />
      )}
    </div>
  )
}

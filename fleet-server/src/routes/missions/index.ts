import { inScope } from '../../domain/ward-scope.ts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ChecklistConfirmationSchema,
  HandMeasurementSchema,
  MissionReportSchema,
  MissionViewSchema,
  ReleaseSignatureSchema,
  StepPlanSchema,
  type MissionView,
  type Role,
  type User,
} from '@wardlight/core/fleet'
import Type from 'typebox'
import { userOf } from '../../plugins/access.ts'
import type { WardRule } from '../../plugins/wards.ts'
import { missionView } from '../../services/ledger-views.ts'
import type { Clearances } from '../../services/clearances.ts'
import type { Ledger } from '../../services/ledger.ts'
import type { MissionReports } from '../../services/mission-reports.ts'
import type { Missions } from '../../services/missions.ts'
import { ANY_ACTING_ROLE, ANY_ROLE, ERRORS, MissionParams } from '../shared.ts'

interface Services {
  readonly ledger: Ledger
  readonly missions: Missions
  readonly clearances: Clearances
  readonly reports: MissionReports
}

export const missionRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { ledger, missions, clearances, reports },
) => {
  const viewOf = async (missionId: string): Promise<MissionView> =>
    missionView(await ledger.mission(missionId))

  app.get(
    '/api/missions',
    {
      config: { roles: ANY_ROLE, wards: { told: inScope<MissionView> } },
      schema: { response: { 200: Type.Array(MissionViewSchema), ...ERRORS } },
    },
    async () => ledger.missions().map(missionView).toReversed(),
  )
  app.get(
    '/api/missions/:missionId',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: { params: MissionParams, response: { 200: MissionViewSchema, ...ERRORS } },
    },
    async ({ params }) => viewOf(params.missionId),
  )
  app.get(
    '/api/missions/:missionId/plan',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: {
        params: MissionParams,
        response: { 200: StepPlanSchema, ...ERRORS },
      },
    },
    async ({ params }) => (await ledger.mission(params.missionId)).plan,
  )
  app.get(
    '/api/missions/:missionId/report',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: { params: MissionParams, response: { 200: MissionReportSchema, ...ERRORS } },
    },
    async ({ params }) => reports.report(params.missionId),
  )
  app.post(
    '/api/missions/:missionId/checklist',
    {
      config: { roles: ['nurse'], wards: 'named' },
      schema: {
        params: MissionParams,
        body: ChecklistConfirmationSchema,
        response: { 200: MissionViewSchema, ...ERRORS },
      },
    },
    async (request) => {
      const { missionId } = request.params
      await missions.confirmChecklist(missionId, request.body.items, userOf(request))
      return viewOf(missionId)
    },
  )
  app.post(
    '/api/missions/:missionId/release',
    {
      // Its protocol says who may; without one nurses.
      config: { roles: ANY_ACTING_ROLE, wards: 'named' },
      schema: {
        params: MissionParams,
        body: ReleaseSignatureSchema,
        response: { 200: MissionViewSchema, ...ERRORS },
      },
    },
    async (request) => {
      const { missionId } = request.params
      await missions.release(missionId, request.body, userOf(request))
      return viewOf(missionId)
    },
  )

  app.post(
    '/api/missions/:missionId/measured',
    {
      config: { roles: ['nurse', 'engineer'], wards: 'named' },
      schema: {
        params: MissionParams,
        body: HandMeasurementSchema,
        response: { 200: MissionViewSchema, ...ERRORS },
      },
    },
    async (request) => {
      const { missionId } = request.params
      await clearances.measured(missionId, request.body, userOf(request))
      return viewOf(missionId)
    },
  )

  const instruct = (
    name: string,
    roles: readonly Role[],
    act: (missionId: string, user: User) => Promise<void>,
    wards: WardRule = 'named',
  ) => {
    app.post(
      `/api/missions/:missionId/${name}`,
      {
        config: { roles, wards },
        schema: { params: MissionParams, response: { 200: MissionViewSchema, ...ERRORS } },
      },
      async (request) => {
        const { missionId } = request.params
        await act(missionId, userOf(request))
        return viewOf(missionId)
      },
    )
  }
  const whoMayDarken: readonly Role[] = ['nurse', 'clinician', 'engineer']
  instruct('start', ['nurse'], (id, user) => missions.start(id, user))
  // Whoever sees that it must be dark says so, wherever they work.
  instruct('pause', whoMayDarken, (id) => missions.pause(id), 'none')
  instruct('resume', ['nurse'], (id) => missions.resume(id))
  instruct('stop', whoMayDarken, (id, user) => missions.stop(id, user), 'none')
}

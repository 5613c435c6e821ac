import { wardError } from '@wardlight/core/errors'
import type { RobotService, RobotServiceChange, RobotView, User } from '@wardlight/core/fleet'
import type { FastifyBaseLogger } from 'fastify'
import { checkServiceChange } from '../domain/care/robot-service.ts'
import type { RobotStore } from '../robots/robot-credentials.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import { SerialQueue } from './serial-queue.ts'

/** Takes robots out of service and back. */
export class RobotServices {
  readonly #registry: RobotRegistry
  readonly #store: RobotStore
  readonly #now: () => Date
  readonly #log: FastifyBaseLogger
  readonly #queue = new SerialQueue()

  constructor(options: {
    registry: RobotRegistry
    store: RobotStore
    now: () => Date
    log: FastifyBaseLogger
  }) {
    this.#registry = options.registry
    this.#store = options.store
    this.#now = options.now
    this.#log = options.log
  }

  /** @throws WARD_ERR_NOT_FOUND, WARD_ERR_FORBIDDEN, WARD_ERR_CONFLICT */
  change(robotId: string, { state, reason }: RobotServiceChange, by: User): Promise<RobotView> {
    return this.#queue.run(async () => {
      const view = this.#registry.view(robotId)
      if (view === undefined) {
        throw wardError('WARD_ERR_NOT_FOUND', { what: `There is no robot ${robotId}`, where: 'robotId' })
      }
      checkServiceChange(view, state, { role: by.role, isIdle: this.#registry.isIdle(robotId) })
      const service: RobotService = {
        state,
        by: by.displayName,
        at: this.#now().toISOString(),
        reason: reason.trim(),
      }
      await this.#store.saveService(robotId, service)
      this.#registry.setService(robotId, service)
      this.#log.info({ robotId, ...service }, 'A robot was taken out of service, or back')
      return this.#registry.view(robotId)!
    })
  }
}

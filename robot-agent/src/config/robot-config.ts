import {
  agedOutputFraction,
  DEFAULT_LAMP,
  withMeasuredCurve,
  type LampModel,
} from '@wardlight/core/disinfection'
import { isWardError, wardError } from '@wardlight/core/errors'
import { CalibrationSchema } from '@wardlight/core/fleet'
import { GAS_TOPICS, ROBOT_ACTIONS, ROBOT_TOPICS } from '@wardlight/core/ros'
import { WIRE_VERSIONS } from '@wardlight/core/vda5050'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { USUAL_CAMERA, type CameraSettings } from '../robot/camera-settings.ts'
import { SUPERVISOR_LIMITS, type RobotLimits } from '../safety/supervisor-state.ts'
import type { RobotScreenSettings } from '../screen/robot-screen.ts'
import { newTube, USUAL_LIFE_HOURS, type TubeLife } from '../robot/lamp-life.ts'
import { DEFAULT_SCREEN_HOST, isLoopback, isWildcard } from '../screen/screen-address.ts'
import { DEFAULT_GEOMETRY, type RobotGeometry } from '../uplink/factsheet.ts'

const metres = Type.Number({ exclusiveMinimum: 0, maximum: 10 })
const fraction = Type.Number({ exclusiveMinimum: 0, maximum: 1 })
const name = Type.String({ pattern: '^[A-Za-z0-9_.:-]+$' })

/** Everything on a robot's ROS graph that its file may name otherwise, by its key. */
const ROS_NAMES = { ...ROBOT_TOPICS, ...GAS_TOPICS, ...ROBOT_ACTIONS }
type RosNames = Partial<Record<keyof typeof ROS_NAMES, string>>
const rosName = Type.Optional(Type.String({ pattern: '^(/[A-Za-z_][A-Za-z0-9_]*)+$' }))

/** The YAML file of one robot. Everything but identity, level and broker has a default. */
export const RobotConfigSchema = Type.Object(
  {
    version: Type.Literal(1),
    manufacturer: name,
    serialNumber: name,
    /** The level of the floor plan that the robot is on. */
    levelId: Type.String({ minLength: 1 }),
    mqtt: Type.Object(
      {
        url: Type.String({ pattern: '^(mqtts?|wss?)://' }),
        username: Type.Optional(Type.String()),
        /** The environment variable that holds the password: a file gets copied about. */
        passwordVariable: Type.Optional(Type.String({ minLength: 1 })),
      },
      { additionalProperties: false },
    ),
    /** What it speaks with its fleet; by default 3.0. */
    vda5050: Type.Optional(
      Type.Object({ version: Type.Enum([...WIRE_VERSIONS]) }, { additionalProperties: false }),
    ),
    geometry: Type.Optional(
      Type.Object(
        {
          radiusM: Type.Optional(metres),
          lengthM: Type.Optional(metres),
          widthM: Type.Optional(metres),
          heightM: Type.Optional(metres),
          speedMps: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 2 })),
        },
        { additionalProperties: false },
      ),
    ),
    /** Of a unit that hangs in a room and does not move: where, in the level's map frame, metres and radians. */
    fixed: Type.Optional(
      Type.Object(
        {
          x: Type.Number(),
          y: Type.Number(),
          theta: Type.Number({ minimum: -Math.PI, maximum: Math.PI }),
          /** By default mains: such a unit has no battery that is watched. */
          power: Type.Optional(Type.Enum(['mains', 'battery'])),
        },
        { additionalProperties: false },
      ),
    ),
    lamp: Type.Optional(
      Type.Object(
        {
          name: Type.String(),
          /** Output against new, 0 to 1; it multiplies with the tubes'. */
          outputFraction: Type.Optional(fraction),
          /** Of the tubes, for what their hours mean; by default 9000 h. */
          ratedLifeHours: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
          /** Readings of a radiometer turned to the lamp, all tubes new. */
          measuredCurve: Type.Optional(
            Type.Object(
              {
                heightM: metres,
                points: Type.Array(
                  Type.Object(
                    { distanceM: metres, mwPerCm2: Type.Number({ exclusiveMinimum: 0 }) },
                    { additionalProperties: false },
                  ),
                  { minItems: 2 },
                ),
              },
              { additionalProperties: false },
            ),
          ),
          tubes: Type.Array(
            Type.Object(
              {
                x: Type.Number(),
                y: Type.Number(),
                zBottomM: Type.Number({ minimum: 0 }),
                zTopM: metres,
                radiantPowerW: Type.Number({ exclusiveMinimum: 0 }),
                /** Printed on it, or given to it; by default its number from 1. A new tube gets a new one: its hours begin anew. */
                id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
                /** How long it had burned when it was fitted; the robot counts on from there. Its output follows from it, unless that was measured. */
                hours: Type.Optional(Type.Number({ minimum: 0 })),
                outputFraction: Type.Optional(fraction),
              },
              { additionalProperties: false },
            ),
            { minItems: 1 },
          ),
        },
        { additionalProperties: false },
      ),
    ),
    /** Where it keeps what it needs to go on after a restart, a folder of its own; without one it forgets. */
    stateFolder: Type.Optional(Type.String({ minLength: 1 })),
    /** The screen that the robot serves for the tablet on it. Left out, there is none. */
    screen: Type.Optional(
      Type.Object(
        {
          port: Type.Integer({ minimum: 1, maximum: 65_535 }),
          /**
           * One address of this robot, by default 127.0.0.1: the tablet sits on the robot, and whoever reaches
           * the screen can stop it. No password keeps a "stop" from anybody.
           */
          host: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.:-]+$' })),
          /**
           * Holding the screen counts as the arm button. Only where the robot has no button of its own and the
           * tablet is fixed to it; by default false. It wants a loopback host.
           */
          armButton: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
    ),
    /** Stricter than Wardlight's own, where the site wants them so; never laxer. */
    limits: Type.Optional(
      Type.Object(
        {
          /** To leave the room, seconds. */
          exitDelayS: Type.Optional(
            Type.Number({ minimum: SUPERVISOR_LIMITS.exitDelayMs / 1000, maximum: 120 }),
          ),
          /** Lamp time of one arming, minutes. */
          lampCapMin: Type.Optional(
            Type.Number({ minimum: 1, maximum: SUPERVISOR_LIMITS.lampCapMs / 60_000 }),
          ),
          /** Below it nothing is lit, 0 to 1. */
          minBatteryFraction: Type.Optional(
            Type.Number({ minimum: SUPERVISOR_LIMITS.minBatteryFraction, maximum: 0.9 }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    /** Detectors behind cameras that look for people. One that is named and silent counts as somebody. */
    cameras: Type.Optional(
      Type.Array(
        Type.Object(
          {
            /** Of `vision_msgs/msg/Detection2DArray`: one message a picture, at 5 Hz or more, an empty one too. */
            topic: Type.String({ pattern: '^(/[A-Za-z_][A-Za-z0-9_]*)+$' }),
            /** `class_id` of a person; by default `person`. */
            personClass: Type.Optional(Type.String({ minLength: 1 })),
            /** Detections below it are none; by default 0.3. */
            minScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
          },
          { additionalProperties: false },
        ),
        { uniqueItems: true },
      ),
    ),
    /** When its instruments were calibrated, by whom: it stands in every report. A change wants a restart. */
    calibrations: Type.Optional(Type.Array(CalibrationSchema)),
    /** Of a robot that brings in hydrogen peroxide. Without it peroxide orders are refused. */
    vaporiser: Type.Optional(
      Type.Object(
        {
          method: Type.Enum(['hpv', 'ahp']),
          /** Pure H2O2, g/min. */
          maxRateGPerMin: Type.Number({ exclusiveMinimum: 0, maximum: 1000 }),
          /** Solution that a full tank holds. */
          tankMl: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
          /** Where it keeps which room it has gassed, for a restart: on a disk that outlives one. */
          memoryFile: Type.String({ minLength: 1 }),
        },
        { additionalProperties: false },
      ),
    ),
    /** What the robot calls its sensors' topics and its actions, where that is not what `docs/protocol.md` calls them. */
    topics: Type.Optional(
      Type.Object(Object.fromEntries(Object.keys(ROS_NAMES).map((key) => [key, rosName])), {
        additionalProperties: false,
      }),
    ),
    logLevel: Type.Optional(Type.Enum(['debug', 'info', 'warn', 'error'])),
  },
  { additionalProperties: false },
)

type LimitsConfig = NonNullable<Static<typeof RobotConfigSchema>['limits']>
type LampConfig = NonNullable<Static<typeof RobotConfigSchema>['lamp']>

const validator = Compile(RobotConfigSchema)

/**
 * Reads a robot's configuration.
 *
 * @param where the file's name, for errors.
 * @throws WARD_ERR_CONFIG with line and reason.
 */
export function readRobotConfig(text: string, where: string) {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [yamlError] = document.errors
  if (yamlError !== undefined) {
    throw wardError('WARD_ERR_CONFIG', {
      what: yamlError.message.split('\n')[0]!,
      where: `${where}:${lines.linePos(yamlError.pos[0]).line}`,
      remedy: 'Correct the YAML at that line.',
    })
  }
  const value: unknown = document.toJS()
  const [problem] = validator.Errors(value)
  if (problem !== undefined) {
    const path = problem.instancePath.split('/').slice(1)
    const place = path.length === 0 ? 'the file' : path.join('.')
    // A property that the schema does not know fails against `false`.
    const detail = problem.keyword === 'boolean' ? 'is not known here' : problem.message
    throw wardError('WARD_ERR_CONFIG', {
      what: `${place} ${detail}`,
      where: `${where}:${lineOf(document, path, lines)}`,
      remedy: 'Correct the field at that line.',
    })
  }
  const config = value as Static<typeof RobotConfigSchema>
  const refuse = (path: readonly string[], cause: unknown): never => {
    if (!isWardError(cause)) throw cause
    throw wardError('WARD_ERR_CONFIG', {
      what: `${path.join('.')}: ${cause.what}`,
      where: `${where}:${lineOf(document, path, lines)}`,
      remedy: cause.remedy,
    })
  }
  return {
    address: { manufacturer: config.manufacturer, serialNumber: config.serialNumber },
    levelId: config.levelId,
    mqtt: config.mqtt,
    vda5050: config.vda5050 ?? { version: '3.0' },
    geometry: { ...DEFAULT_GEOMETRY, ...config.geometry, ...fixedOf(config, refuse) },
    /** As it was fitted. */
    lamp: config.lamp === undefined ? DEFAULT_LAMP : lampOf(config.lamp, refuse),
    lampTubes:
      config.lamp === undefined
        ? DEFAULT_LAMP.tubes.map((_, index) => newTube(String(index + 1)))
        : tubeLivesOf(config.lamp, refuse),
    stateFolder: config.stateFolder,
    screen:
      config.screen === undefined
        ? null
        : screenOf(config.screen, (field, what, remedy) => {
            throw wardError('WARD_ERR_CONFIG', {
              what: `screen.${field}: ${what}`,
              where: `${where}:${lineOf(document, ['screen', field], lines)}`,
              remedy,
            })
          }),
    limits: limitsOf(config.limits),
    cameras: (config.cameras ?? []).map((camera): CameraSettings => ({ ...USUAL_CAMERA, ...camera })),
    calibrations: config.calibrations ?? [],
    vaporiser: config.vaporiser ?? null,
    /** By Wardlight's name the robot's own. */
    rosNames: rosNamesOf(config.topics ?? {}, refuse),
    logLevel: config.logLevel ?? 'info',
  }
}
export type RobotConfig = ReturnType<typeof readRobotConfig>

/** A unit gives light and nothing else: gas has to be brought, and taken away again. */
function fixedOf(
  { fixed, vaporiser }: Pick<Static<typeof RobotConfigSchema>, 'fixed' | 'vaporiser'>,
  refuse: (path: readonly string[], cause: unknown) => never,
): Pick<RobotGeometry, 'fixed'> {
  if (fixed === undefined) return {}
  if (vaporiser !== undefined) {
    refuse(
      ['vaporiser'],
      wardError('WARD_ERR_CONFIG', {
        what: 'a unit that is fixed in a room gives no gas',
        where: 'vaporiser',
        remedy: 'Leave out vaporiser, or fixed.',
      }),
    )
  }
  const { power = 'mains', ...at } = fixed
  return { fixed: { at, power } }
}

function limitsOf({ exitDelayS, lampCapMin, minBatteryFraction }: LimitsConfig = {}): RobotLimits {
  return {
    exitDelayMs: exitDelayS === undefined ? SUPERVISOR_LIMITS.exitDelayMs : 1000 * exitDelayS,
    lampCapMs: lampCapMin === undefined ? SUPERVISOR_LIMITS.lampCapMs : 60_000 * lampCapMin,
    minBatteryFraction: minBatteryFraction ?? SUPERVISOR_LIMITS.minBatteryFraction,
  }
}

function rosNamesOf(
  topics: RosNames,
  refuse: (path: readonly string[], cause: unknown) => never,
): ReadonlyMap<string, string> {
  const taken = new Map<string, string>()
  for (const [key, usual] of Object.entries(ROS_NAMES)) {
    const own = topics[key as keyof typeof ROS_NAMES] ?? usual
    const other = taken.get(own)
    if (other !== undefined) {
      const named = Object.hasOwn(topics, key) ? key : other
      refuse(
        ['topics', named],
        wardError('WARD_ERR_CONFIG', {
          what: `${own} is ${other} and ${key}`,
          where: named,
          remedy: 'Give each of them a name of its own.',
        }),
      )
    }
    taken.set(own, key)
  }
  return new Map(Object.entries(topics).map(([key, own]) => [ROS_NAMES[key as keyof typeof ROS_NAMES], own]))
}

type ScreenConfig = NonNullable<Static<typeof RobotConfigSchema>['screen']>

function screenOf(
  { port, host = DEFAULT_SCREEN_HOST, armButton = false }: ScreenConfig,
  refuse: (field: keyof ScreenConfig, what: string, remedy: string) => never,
): RobotScreenSettings {
  if (isWildcard(host)) {
    refuse(
      'host',
      `${host} would open the screen to every network of the robot`,
      "Give the one address that the tablet reaches; on the robot's own tablet leave host out.",
    )
  }
  if (armButton && !isLoopback(host)) {
    refuse(
      'armButton',
      `on ${host} a hold could come from anywhere, and arming wants a person at the robot`,
      'Leave host out, so that only the tablet on the robot reaches the screen; or use a button on the robot.',
    )
  }
  return { port, host, armButton }
}

function tubeLivesOf(
  { tubes, ratedLifeHours = USUAL_LIFE_HOURS }: LampConfig,
  refuse: (path: readonly string[], cause: unknown) => never,
): TubeLife[] {
  const lives = tubes.map(({ id, hours = 0, outputFraction }, index) => ({
    id: id ?? String(index + 1),
    hoursWhenFitted: hours,
    ratedLifeHours,
    isMeasured: outputFraction !== undefined,
  }))
  lives.forEach(({ id }, index) => {
    if (lives.findIndex((other) => other.id === id) === index) return
    refuse(
      ['lamp', 'tubes', String(index), 'id'],
      wardError('WARD_ERR_CONFIG', {
        what: `there are two tubes ${id}`,
        where: 'id',
        remedy: 'Give each tube an id of its own: its hours are counted by it.',
      }),
    )
  })
  return lives
}

function lampOf(
  { name: lampName, outputFraction, ratedLifeHours, measuredCurve, tubes }: LampConfig,
  refuse: (path: readonly string[], cause: unknown) => never,
): LampModel {
  const lamp: LampModel = {
    name: lampName,
    outputFraction: outputFraction ?? 1,
    tubes: tubes.map((entry, index) => {
      const { id: _, hours, outputFraction: measured, ...tube } = entry
      if (measured !== undefined) return { ...tube, outputFraction: measured }
      if (hours === undefined) return tube
      try {
        return { ...tube, outputFraction: agedOutputFraction(hours, ratedLifeHours ?? USUAL_LIFE_HOURS) }
      } catch (cause) {
        return refuse(['lamp', 'tubes', String(index), 'hours'], cause)
      }
    }),
  }
  if (measuredCurve === undefined) return lamp
  try {
    return withMeasuredCurve(lamp, measuredCurve)
  } catch (cause) {
    return refuse(['lamp', 'measuredCurve'], cause)
  }
}

/** The line of the innermost part of the path that is there. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly string[],
  lines: LineCounter,
): number {
  let node: unknown = document.contents
  let line = 1
  for (const key of path) {
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      if (pair === undefined) break
      if (isScalar(pair.key) && pair.key.range) line = lines.linePos(pair.key.range[0]).line
      next = pair.value
    } else if (isSeq(node)) {
      next = node.items[Number(key)]
      if (isNode(next) && next.range) line = lines.linePos(next.range[0]).line
    }
    node = next
  }
  return line
}

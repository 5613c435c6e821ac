#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createSystemClock } from '@wardlight/core/clock'
import { isWardError, wardError } from '@wardlight/core/errors'
import { pino } from 'pino'
import { readRobotConfig } from './config/robot-config.ts'
import { runRobotProcess } from './robot-process.ts'
import { openRosGraph } from './ros/open-ros-graph.ts'

/** `node main.js robot.yaml`: the agent of one real robot. */
async function main(file: string | undefined): Promise<void> {
  if (file === undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'no configuration was given',
      remedy: 'Give the YAML file of the robot as the first argument.',
    })
  }
  const config = readRobotConfig(readText(file), file)
  const askedToEnd = new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  await runRobotProcess({
    config,
    environment: process.env,
    openGraph: () => openRosGraph(process.env),
    clock: createSystemClock(globalThis),
    log: pino({ level: config.logLevel }),
    askedToEnd,
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw wardError('WARD_ERR_CONFIG', {
      what: 'the file cannot be read',
      where: file,
      remedy: 'Check that it exists and can be read.',
      cause: error,
    })
  }
}

try {
  await main(process.argv[2])
} catch (error) {
  process.stderr.write(
    `${isWardError(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exitCode = 1
}

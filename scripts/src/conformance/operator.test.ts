import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { commandOperator, promptOperator } from './operator.ts'

it('a command is told the wish and the robot, and may refuse', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wardlight-operator-'))
  try {
    const file = path.join(folder, 'wishes')
    const command = `echo "$WARDLIGHT_WISH of $WARDLIGHT_ROBOT" >> '${file}'; exit 3`
    const operator = commandOperator(command, { manufacturer: 'acme', serialNumber: 'r1' }, 5)
    await operator.ask('order', true)
    await operator.ask('cancel', true)
    expect(readFileSync(file, 'utf8')).toBe('order of acme/r1\ncancel of acme/r1\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('a person is told what is wanted, and whether it may come', async () => {
  const said: string[] = []
  const operator = promptOperator((text) => said.push(text), 30)
  await operator.ask('pause', true)
  await operator.ask('order', false)
  expect(said[0]).toContain('Pause the robot now; waiting for it, 30 s')
  expect(said[1]).toContain('watching that nothing comes')
})

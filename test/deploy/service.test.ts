import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const INSTALLED = '/opt/wardlight/'
const service = readFileSync(path.join(root, 'docs', 'deploy', 'wardlight.service'), 'utf8')
const container = readFileSync(path.join(root, 'docs', 'deploy', 'Containerfile'), 'utf8')

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasSystemd) process.stderr.write('SERVICE TEST SKIPPED: there is no systemd-analyze on this machine.\n')

describe('what is installed', () => {
  it.skipIf(!hasSystemd)('is a service that systemd takes without a word', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wardlight-service-'))
    const file = path.join(folder, 'wardlight.service')
    // Where Node is on this machine.
    writeFileSync(file, service.replace('/usr/bin/node', process.execPath))
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true })
    expect([status, `${stdout}${stderr}`]).toEqual([0, ''])
  })

  it('is started by files that are there', () => {
    for (const [text, name] of [
      [service, 'ExecStart'],
      [container, 'ENTRYPOINT'],
    ] as const) {
      const line = text.split('\n').find((each) => each.startsWith(name)) ?? ''
      const [, file] = new RegExp(`${INSTALLED}([\\w./-]+)`).exec(line) ?? []
      expect([name, existsSync(path.join(root, file ?? 'nothing'))]).toEqual([name, true])
    }
  })

  it('runs as nobody who could change it', () => {
    expect(service).toMatch(/^DynamicUser=yes$/m)
    expect(service).toMatch(/^NoNewPrivileges=yes$/m)
    expect(service).toMatch(/^ProtectSystem=strict$/m)
    const last = container.slice(container.lastIndexOf('\nFROM '))
    expect(last).toMatch(/^USER node$/m)
    expect(last).toContain('/api/ready')
  })
})

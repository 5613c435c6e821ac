import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { repositoryRoot } from './repository.ts'

/** A `wardlight` command in a process of its own, built code and all, as a user runs it. */
export interface WardlightProcess {
  readonly child: ChildProcess
  /** What `ready` found in its output. */
  readonly found: RegExpExecArray
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts the command and waits until its standard output matches. Its standard error goes to the test's. */
export async function startWardlight(
  args: string[],
  { ready, env = {} }: { readonly ready: RegExp; readonly env?: Record<string, string> },
): Promise<WardlightProcess> {
  const child = spawnWardlight(args, env, 'inherit')
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    let output = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const match = ready.exec(output)
      if (match !== null) resolve(match)
    })
    child.once('exit', (code) =>
      reject(new Error(`wardlight ${args.join(' ')} ended with ${code}: ${output}`)),
    )
  })
  return {
    child,
    found,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    },
  }
}

/** Runs the command to its end. */
export async function runWardlight(
  args: string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const child = spawnWardlight(args, {}, 'pipe')
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, stderr }
}

function spawnWardlight(args: string[], env: Record<string, string>, stderr: 'inherit' | 'pipe') {
  // The built command itself: `npm test` has set up and built before.
  const entry = path.join(repositoryRoot, 'test', 'support', 'wardlight-entry.mjs')
  return spawn(process.execPath, [entry, ...args], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', stderr],
  })
}

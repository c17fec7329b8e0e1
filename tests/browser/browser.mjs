// The system's Chromium, started for a walk or for pictures. Nothing of it outlives the process.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

export async function launch() {
  return chromium.launch({ executablePath: find(), args: ['--disable-gpu', '--font-render-hinting=none'] })
}

// The first of the known names that lies in PATH. Node may have been started without one.
function find() {
  const folders = (process.env.PATH || '/usr/local/bin:/usr/bin:/bin').split(delimiter)
  for (const name of NAMES) {
    for (const folder of folders) {
      const file = join(folder, name)
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {
        // Not here; the next may have it.
      }
    }
  }
  throw new Error(`none of ${NAMES.join(', ')} is installed: on Debian, apt-get install chromium`)
}

// What the program was told: one JSON document as its only argument.
export function told() {
  return JSON.parse(process.argv[2])
}

// Takes pictures of pages and prints one JSON document: what was written.
//
//   node shots.mjs '{"origin": "http://127.0.0.1:8080", "folder": "/tmp/shots", "shots": [{"name": "home", "path": "/", "width": 1280,
//                    "height": 1000, "scheme": "light", "language": "en"}]}'
//
// "whole": true takes the whole page instead of what a window of that height shows; "print": true the page as it is printed.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { launch, told } from './browser.mjs'

const { origin, folder, shots } = told()
mkdirSync(folder, { recursive: true })
const written = []
const browser = await launch()
try {
  for (const shot of shots) {
    const context = await browser.newContext({
      locale: shot.language,
      colorScheme: shot.scheme,
      viewport: { width: shot.width, height: shot.height },
    })
    const page = await context.newPage()
    await page.goto(origin + shot.path, { waitUntil: 'networkidle' })
    if (shot.print) {
      await page.emulateMedia({ media: 'print' })
      // A picture has no margins of a sheet of paper.
      await page.evaluate(() => (document.body.style.padding = '18mm'))
    }
    const path = join(folder, `${shot.name}.png`)
    await page.screenshot({ path, fullPage: shot.whole ?? false })
    written.push({ path, width: shot.width, bytes: statSync(path).size })
    await context.close()
  }
} finally {
  await browser.close()
}
console.log(JSON.stringify(written))

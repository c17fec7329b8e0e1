// Walks the public site in a real browser and prints one JSON document: which pages it saw, and what did not hold on them.
//
//   node walk.mjs '{"origin": "http://127.0.0.1:8080", "languages": ["en"]}'
//
// In each language the walk starts at the first page, and at the paths in "also", and follows every link that stays here; then it goes the
// same way without JavaScript, where each page has to say the same. "missing" names paths whose answer should be 404 or the like.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { launch, told } from './browser.mjs'
import * as checks from './checks.mjs'

const WIDTHS = [320, 360, 768, 1280]
const HEIGHT = 900
const SCHEMES = ['light', 'dark']
// Pages of one kind, which differ in their query or in numbers of their path only: pages of a list, months of the archive.
const ALIKE = 2
const MOST_PAGES = 80
const WORKERS = 2

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const job = told()
const missing = job.missing ?? []
const visited = []
const files = new Map()
const problems = []

function say(where, found) {
  for (const problem of found) problems.push(`${where}: ${problem}`)
}

// A context in which whatever leaves the site or goes wrong in the console is written down.
async function context(browser, language, options) {
  const made = await browser.newContext({ locale: language, viewport: { width: WIDTHS[0], height: HEIGHT }, ...options })
  made.on('request', (request) => {
    const address = request.url()
    if (!address.startsWith(job.origin + '/') && !address.startsWith('data:')) problems.push(`a request left for ${address}`)
  })
  made.on('console', (message) => {
    const path = pathOf(message.location().url || message.page()?.url() || job.origin)
    const isExpected = missing.includes(path) && message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isExpected) problems.push(`${language} ${path}: console: ${message.text()}`)
  })
  made.on('weberror', (error) => problems.push(`${language}: script: ${error.error().message}`))
  made.setDefaultTimeout(20_000)
  return made
}

function pathOf(address) {
  return address.startsWith(job.origin) ? address.slice(job.origin.length) : address
}

// Whether an address is a page; feeds and pictures only have to be there.
async function isPage(path) {
  if (files.has(path)) return false
  const answer = await fetch(job.origin + path, { method: 'HEAD', redirect: 'manual', headers: { accept: 'text/html' } })
  const type = answer.headers.get('content-type') ?? ''
  if (type.startsWith('text/html') || (answer.status >= 300 && answer.status < 400)) return true
  files.set(path, { path, status: answer.status, type })
  if (answer.status !== 200) problems.push(`a link leads to ${path}, which answers ${answer.status}`)
  return false
}

async function open(page, path, where) {
  const answer = await page.goto(job.origin + path, { waitUntil: 'load' })
  const status = answer.status()
  if (status !== 200 && !missing.includes(path)) problems.push(`${where}: answers ${status}`)
  if (status < 400 && missing.includes(path)) problems.push(`${where}: answers ${status}, though nothing is there`)
  return status
}

// Everything about one page, with JavaScript, in every width and scheme. Gives the paths that it links to.
async function visit(page, language, path) {
  const where = `${language} ${path}`
  await page.setViewportSize({ width: 360, height: HEIGHT })
  await page.emulateMedia({ colorScheme: 'light' })
  const status = await open(page, path, where)
  say(where, await page.evaluate(checks.languages, language))
  say(where, await page.evaluate(checks.pictures))
  say(`${where} at 360 light`, await page.evaluate(checks.axe, null))
  await page.keyboard.press('Tab')
  say(where, await page.evaluate(checks.focus))
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT })
    say(`${where} at ${width}`, await page.evaluate(checks.widths))
  }
  await page.emulateMedia({ colorScheme: 'dark' })
  const contrast = ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block']
  say(`${where} at 1280 dark`, await page.evaluate(checks.axe, contrast))
  visited.push({ language, path, status, title: await page.title(), text: await page.evaluate(checks.text) })
  return page.evaluate(checks.links)
}

async function walk(browser, language) {
  const here = await context(browser, language)
  await here.addInitScript(axeSource)
  const queue = ['/', ...(job.also ?? []), ...missing]
  const known = new Set(queue)
  const kinds = new Map()
  const isNew = async (path) => {
    if (known.has(path)) return false
    known.add(path)
    if (known.size === MOST_PAGES + 1) problems.push(`${language}: more than ${MOST_PAGES} addresses; the rest was not looked at`)
    if (known.size > MOST_PAGES) return false
    const kind = path.replace(/\?.*/, '?').replace(/\d+/g, '0')
    if (kind !== path) {
      const count = kinds.get(kind) ?? 0
      kinds.set(kind, count + 1)
      if (count >= ALIKE) return false
    }
    return isPage(path)
  }
  // Workers share the queue; one that finds it empty waits for what the others may still find.
  let busy = 0
  const work = async () => {
    const page = await here.newPage()
    while (queue.length > 0 || busy > 0) {
      const path = queue.shift()
      if (path === undefined) {
        await new Promise((done) => setTimeout(done, 20))
        continue
      }
      busy += 1
      try {
        for (const link of await visit(page, language, path)) {
          if (await isNew(link)) queue.push(link)
        }
      } catch (error) {
        problems.push(`${language} ${path}: ${error.message.split('\n')[0]}`)
      }
      busy -= 1
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, work))
  await here.close()
}

// The same pages without JavaScript say the same, in both schemes.
async function walkWithoutScripts(browser, language) {
  for (const [index, colorScheme] of SCHEMES.entries()) {
    const here = await context(browser, language, { javaScriptEnabled: false, colorScheme })
    const page = await here.newPage()
    const pages = visited.filter((seen) => seen.language === language)
    // Either half in one scheme: colours were looked at before, what is read does not depend on them.
    for (const { path, text } of pages.filter((_, number) => number % SCHEMES.length === index)) {
      const where = `${language} ${path} without JavaScript`
      await open(page, path, where)
      if ((await page.evaluate(checks.text)) !== text) problems.push(`${where}: says something else`)
      say(where, await page.evaluate(checks.widths))
    }
    await here.close()
  }
}

const start = Date.now()
const browser = await launch()
try {
  for (const language of job.languages) {
    await walk(browser, language)
    await walkWithoutScripts(browser, language)
  }
} finally {
  await browser.close()
}
const pages = visited.map(({ text, ...page }) => ({ ...page, letters: text.length }))
console.log(JSON.stringify({ pages, files: [...files.values()], problems, seconds: (Date.now() - start) / 1000 }))

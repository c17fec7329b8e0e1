// What must hold on every page, whatever it shows. Each function runs inside the page and gives a list of sentences: what does not hold.

// Language and direction: of the page, and of each part that names a language of its own.
export function languages(language) {
  const rightToLeft = ['ar', 'ckb', 'fa', 'he', 'ps', 'ur']
  const direction = (tag) => (rightToLeft.includes(tag.split('-')[0].toLowerCase()) ? 'rtl' : 'ltr')
  const problems = []
  const root = document.documentElement
  if (root.lang !== language) problems.push(`the page says lang="${root.lang}"`)
  if (getComputedStyle(root).direction !== direction(language)) problems.push(`the page is not ${direction(language)}`)
  for (const part of document.querySelectorAll('article[lang]:not([lang=""])')) {
    if (getComputedStyle(part).direction !== direction(part.lang)) {
      problems.push(`an article in ${part.lang} is not ${direction(part.lang)}`)
    }
  }
  return problems
}

// Nothing is wider than the window, so that nobody has to move sideways to read a line.
export function widths() {
  const page = document.documentElement
  if (page.scrollWidth <= page.clientWidth) return []
  // What reaches out of a box that hides it, such as a label for screen readers only, is not what makes the page wide.
  const isClipped = (element) => {
    for (let above = element; above && above !== page; above = above.parentElement) {
      const style = getComputedStyle(above)
      if (style.overflowX !== 'visible' || style.clipPath !== 'none') return true
    }
    return false
  }
  const reachesOut = (element) => {
    const box = element.getBoundingClientRect()
    return box.width > 0 && (box.right > page.clientWidth + 1 || box.left < -1) && !isClipped(element)
  }
  const wide = [...document.querySelectorAll('body *')].filter(reachesOut).slice(0, 3)
  const name = (element) => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`
  return [`${page.scrollWidth} px wide in a window of ${page.clientWidth}: ${wide.map(name).join('; ')}`]
}

// What has the keyboard's focus shows it, and is somewhere. The caller has pressed Tab, so focus is that of a keyboard from there on.
export function focus() {
  const problems = []
  const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')
  for (const element of all) {
    if (element.closest('details:not([open])') && element.localName !== 'summary') continue
    element.focus()
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    const name = `<${element.localName}> ${element.textContent.trim().slice(0, 40)}`
    if (document.activeElement !== element) problems.push(`${name} takes no focus`)
    else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) problems.push(`${name} shows no focus`)
    else if (box.width < 1 || box.height < 1) problems.push(`${name} has focus and no place`)
  }
  return problems
}

// Every picture has arrived. Those below the window are fetched now.
export async function pictures() {
  const all = [...document.images]
  for (const image of all) image.loading = 'eager'
  await Promise.allSettled(all.map((image) => image.decode()))
  return all.filter((image) => !image.naturalWidth).map((image) => `no picture at ${image.src}`)
}

// What axe finds against WCAG 2.2 AA and its own best practices, and against 7:1 contrast, which is our own.
export async function axe(rules) {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags }
  const also = rules ? {} : { 'color-contrast-enhanced': { enabled: true } }
  const found = await globalThis.axe.run(document, { runOnly, rules: also, resultTypes: ['violations'] })
  return found.violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? ''})`)
    return `axe: ${id}: ${help}: ${where.join('; ')}`
  })
}

// Links to pages here. The same page in another language is another walk's; in this one the browser says which language is read.
export function links() {
  const language = document.documentElement.lang
  const found = new Set()
  for (const link of document.querySelectorAll('a[href]')) {
    const address = new URL(link.href)
    if (address.origin !== location.origin) continue
    if ((address.searchParams.get('lang') ?? language) !== language) continue
    address.searchParams.delete('lang')
    found.add(address.pathname + address.search)
  }
  return [...found]
}

// What a reader reads, in one line.
export function text() {
  return document.querySelector('main')?.innerText.replace(/\s+/g, ' ').trim() ?? ''
}

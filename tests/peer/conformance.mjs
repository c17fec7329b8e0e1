// What tools that we did not write think of a node: activitypub-testing (`test actor`) of its actor and of a statement, and the
// official schemas of its NodeInfo. Prints one JSON document.
//
//   node conformance.mjs ACTOR STATEMENT [FOLDER with official-schema-2.0.json and official-schema-2.1.json]
//
// The tool's own command line does the same and then fetches a JSON-LD context to print the results; a test asks nobody outside.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ActorUrlTestRun } from 'activitypub-testing/test-actor'
import Ajv from 'ajv-draft-04'

const [actor, statement, schemas] = process.argv.slice(2)

const quiet = { ...console, debug() {}, log() {}, info() {}, warn() {} }

/** What each test says of the document at an address. */
async function judge(address) {
  const outcomes = {}
  for await (const { test, result } of new ActorUrlTestRun(new URL(address), { console: quiet })) {
    outcomes[test.slug] = { outcome: result.outcome, info: result.info }
  }
  return outcomes
}

/** What the schema of a version says of the document to which the links lead. */
async function validate(links, version) {
  const link = links.find(({ rel }) => rel === `http://nodeinfo.diaspora.software/ns/schema/${version}`)
  const response = await fetch(link.href)
  const schema = JSON.parse(await readFile(join(schemas, `official-schema-${version}.json`), 'utf8'))
  const check = new Ajv({ allErrors: true }).compile(schema)
  check(await response.json())
  return { contentType: response.headers.get('content-type'), errors: check.errors ?? [] }
}

async function nodeinfo() {
  if (!schemas) return null
  const response = await fetch(new URL('/.well-known/nodeinfo', actor))
  const { links } = await response.json()
  return { '2.0': await validate(links, '2.0'), '2.1': await validate(links, '2.1') }
}

console.log(JSON.stringify({ actor: await judge(actor), statement: await judge(statement), nodeinfo: await nodeinfo() }))

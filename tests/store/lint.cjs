// The linter of Neo4j over texts: {name: text} in as JSON, [[name, severity, message], ...] out. Argument: its folder.
// That a parameter has no value yet is no fault of a text.
const { isNotParamError, lintCypherQuery } = require(process.argv[2])
const texts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const found = Object.entries(texts).flatMap(([name, text]) =>
  lintCypherQuery(text, {}).diagnostics.filter(isNotParamError).map((one) => [name, one.severity, one.message]))
process.stdout.write(JSON.stringify(found))

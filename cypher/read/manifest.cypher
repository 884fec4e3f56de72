// What the store should hold: row counts and a hash of the statements (data) and of the ledger, one row each.
MATCH (m:Manifest)
RETURN m.id AS id, m.imports AS imports, m.statements AS statements, m.nodes AS nodes,
       m.introductions AS introductions, m.events AS events, m.marks AS marks, m.hash AS hash
ORDER BY id

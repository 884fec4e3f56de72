// How many rows of each sort the store holds, one row a sort; `unfinished` are imports that are not done.
MATCH (i:Import) WHERE i.done RETURN 'imports' AS what, count(i) AS found
UNION ALL
MATCH (i:Import) WHERE NOT i.done RETURN 'unfinished' AS what, count(i) AS found
UNION ALL
MATCH (s:Statement) RETURN 'statements' AS what, count(s) AS found
UNION ALL
MATCH (n:Node) RETURN 'nodes' AS what, count(n) AS found
UNION ALL
MATCH (i:Introduction) RETURN 'introductions' AS what, count(i) AS found
UNION ALL
MATCH (e:IntroductionEvent) RETURN 'events' AS what, count(e) AS found
UNION ALL
MATCH (m:IntroducerMark) RETURN 'marks' AS what, count(m) AS found

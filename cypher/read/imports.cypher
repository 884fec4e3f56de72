// Each import, one row each, oldest first.
MATCH (i:Import)
RETURN i.number AS number, i.at AS at, i.dataset AS dataset, i.digest AS digest, i.by_hand AS by_hand,
       i.undoes AS undoes, i.done AS done, i.complete AS complete, i.note AS note
ORDER BY number
SKIP $skip LIMIT $limit

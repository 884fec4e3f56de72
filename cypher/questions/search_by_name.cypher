// Each node with a text ($text) in its name, in either language, one row each; capitals and accents do not matter.
MATCH (n:Node)
WITH n, [['à', 'a'], ['á', 'a'], ['â', 'a'], ['ä', 'a'], ['è', 'e'], ['é', 'e'], ['ê', 'e'], ['ë', 'e'], ['ì', 'i'],
         ['í', 'i'], ['î', 'i'], ['ï', 'i'], ['ò', 'o'], ['ó', 'o'], ['ô', 'o'], ['ö', 'o'], ['ù', 'u'], ['ú', 'u'],
         ['û', 'u'], ['ü', 'u'], ['ç', 'c'], ['ñ', 'n'], ['’', '\'']] AS letters
WITH n, reduce(t = toLower(n.name + ' | ' + coalesce(n.name_it, '')), p IN letters | replace(t, p[0], p[1])) AS names,
     reduce(t = toLower($text), p IN letters | replace(t, p[0], p[1])) AS wanted
WHERE names CONTAINS wanted
RETURN n.id AS id, n.kind AS kind, n.name AS name, n.name_it AS name_it
ORDER BY id

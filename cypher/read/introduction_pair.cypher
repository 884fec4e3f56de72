// Which two bodies an introduction is of; no row for an unknown id.
MATCH (i:Introduction {id: $id})
RETURN i.pair AS pair

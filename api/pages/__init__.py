"""The desk: one file per page, the same functions as the routers answered as HTML in Italian or English."""

# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # I vostri dati, e Neo4j · Your own data, and Neo4j
#
# From two tables to a graph, with what was wrong told cell by cell; then the same on a Neo4j server. Nothing here needs a network.

# %%
import os
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from tsi_graph import compute, conflicts, load_graph, one_mode, open_store, read, to_gds, to_pyvis

pd.set_option("display.width", 160)
folder = Path("delivery")
folder.mkdir()

# %% [markdown]
# ## Come si scrivono? · What do the tables look like?
# One of organisations, one of projects, one of ties; headings may be Italian. The second tie has a mistake on purpose.

# %%
organisations = pd.DataFrame(
    {
        "id": ["aurora", "barriera", "comune"],
        "nome": ["Cooperativa Aurora", "Associazione Barriera", "Comune di Esempio"],
        "settore": ["cooperative", "association", "public body"],
        "città": ["Torino", "Torino", "Esempio"],
    }
)
projects = pd.DataFrame({"id": ["orti"], "nome": ["Orti di quartiere"], "inizio": ["2024-03"]})
ties = pd.DataFrame(
    {
        "da": ["aurora", "barriera", "comune", "comune"],
        "relazione": ["partecipa a", "partecipa a", "finanzia", "partecipa a"],
        "a": ["orti", "orto", "orti", "orti"],
        "fonte": ["https://example.org/orti"] * 4,
    }
)
organisations.to_csv(folder / "organizzazioni.csv", index=False)
projects.to_csv(folder / "progetti.csv", index=False)
ties.to_csv(folder / "legami.csv", index=False)

# %% [markdown]
# ## Che cosa ne pensa chi legge? · What does the reader say?

# %%
batch = read(folder)
for problem in batch.problems:
    print(problem)
store = open_store("mine.db")
store.write(batch, "mine", partial=True)

# %% [markdown]
# **1** row is not taken over: file, row, column, value and what would be right stand there. Without `partial=True` nothing at all would have been imported. **7** facts are new.

# %% [markdown]
# ## Come si vede? · What does it look like?
# A graph shows itself as a map; so does the graph of the organisations alone.

# %%
graph = load_graph(store)
graph

# %%
compute(one_mode(graph), ["degree", "betweenness"])

# %% [markdown]
# Aurora and the city share a project; Barriera has **0** ties, because its row was the wrong one.

# %% [markdown]
# ## E se due fonti non concordano? · And where two sources disagree?
# A second delivery says another city. Both stand; one is shown.

# %%
other = Path("other")
other.mkdir()
pd.DataFrame(
    {"id": ["aurora"], "nome": ["Cooperativa Aurora"], "città": ["Moncalieri"], "attendibilità": ["media"]}
).to_csv(other / "organizzazioni.csv", index=False)
store.write(read(other), "register", partial=True)
conflicts(store)[["fact", "field", "value", "wins"]]

# %% [markdown]
# **Moncalieri** is shown, since it was said later; **Torino** is not lost.

# %% [markdown]
# ## E se l'importazione era sbagliata? · And if an import was a mistake?

# %%
store.undo()
len(conflicts(store))

# %% [markdown]
# The second delivery is taken back: **0** disagreements, and it stays in the history.

# %% [markdown]
# ## Con Cypher? · With Cypher?
# Reading only; the same text runs on Neo4j.

# %%
store.cypher(
    "MATCH (s:Stakeholder)-[r:PARTICIPATES_IN]->(p:Project) RETURN s.name AS name, p.name AS project ORDER BY name"
)

# %% [markdown]
# Two bodies take part in **Orti di quartiere**; **Cooperativa Aurora** is one.

# %% [markdown]
# ## E se si preferisce pyvis? · And for those who prefer pyvis?
# `to_pyvis` gives a pyvis `Network` with fixed places and text that is only text, to go on with.

# %%
net = to_pyvis(one_mode(graph))
type(net).__name__, len(net.nodes), len(net.edges)

# %% [markdown]
# **3** organisations and **1** tie.

# %% [markdown]
# ## E su un server Neo4j? · And on a Neo4j server?
# The official driver does it, by `open_store("bolt://...", password=...)`. Here it runs only where `TSI_TEST_NEO4J` names a server for tests, which may be written to.

# %%
server = os.environ.get("TSI_TEST_NEO4J")
password = os.environ.get("TSI_TEST_NEO4J_PASSWORD", "")
if server:
    remote = open_store(server, password=password)
    remote.write(batch, "notebook", partial=True)
    print(remote.cypher("MATCH (s:Stakeholder) RETURN s.id AS id ORDER BY id")["id"].tolist())
    remote.undo()
    remote.close()
else:
    print("Skipped: TSI_TEST_NEO4J names no server.")

# %% [markdown]
# With a server the same ids come back from there; without one the cell says that it was skipped.

# %% [markdown]
# ## E la libreria Graph Data Science? · And Graph Data Science?
# The Cypher that projects our graph there, for a server that has it.

# %%
to_gds(graph, "mine")

# %% [markdown]
# ## E py2neo? · And py2neo?
# It ended in 2023; for notebooks that have it there is a bridge (`pip install 'tsi-graph[py2neo]'`). For anything new use the official driver, as above.

# %%
if find_spec("py2neo"):
    from tsi_graph.interop.py2neo import connect, from_subgraph, run_frame, to_subgraph

    subgraph = to_subgraph(graph)
    print(len(subgraph.nodes), len(subgraph.relationships), len(from_subgraph(subgraph).edges))
    if server:
        print(run_frame(connect(server, password=password, lang="en"), "RETURN 1 AS one"))
    else:
        print("Skipped: TSI_TEST_NEO4J names no server.")
else:
    print("Skipped: py2neo is not installed.")

# %% [markdown]
# **4** nodes and **3** ties go over and come back equal.

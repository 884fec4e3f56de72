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
# # Presentazioni e vie verso le reti · Introductions and routes to networks
#
# Whom to introduce to whom, why, and through whom: each proposal says its reasons in words taken from the data.

# %%
from dataclasses import asdict

import pandas as pd

from tsi_graph import load_graph, open_store, read, recommend, samples
from tsi_graph.recommend import portfolio, ports, reached, silence, ways

pd.set_option("display.width", 160)
store = open_store("introductions.db")
store.write(read(samples.torino()), "tsi-facts")
graph = load_graph(store)

# %% [markdown]
# ## Quali reti internazionali potrebbe conoscere SocialFare? · Which international networks could SocialFare meet?

# %%
found = recommend(graph, "socialfare", to="network", scope="international", limit=3, lang="en")
for one in found:
    print(one.name, round(one.score, 3))
    print("    ", " -> ".join([one.path[0].source_name, *(step.target_name for step in one.path)]))

# %% [markdown]
# **Impact Europe** first, through **Cottino Social Impact Campus**; the other two only through the City and the alliance itself, and with a score of **0.0**: nothing but the alliance leads there.

# %% [markdown]
# ## Perché la prima? · Why the first?
# A recommendation shows itself as a card.

# %%
found[0]

# %% [markdown]
# One partner of SocialFare has a documented tie with **Impact Europe**; the card also says what to watch: how old the tie is.

# %% [markdown]
# ## C'è un'altra via? · Is there another way?
# The next best chains to the same body, for when the first introducer is busy.

# %%
for way in ways(graph, "socialfare", found[0].id, k=3, lang="en"):
    print(round(way.strength, 2), " -> ".join([way.path[0].source_name, *(step.target_name for step in way.path)]))

# %% [markdown]
# The shortest way is the strongest (**0.19**); a second (**0.16**) starts with another partner but passes the same port. So the port is the bottleneck, not the beginning.

# %% [markdown]
# ## Quali reti si raggiungono, e quanto è fragile? · Which networks are reached, and how fragile is that?
# Fragile: it hangs on a single body.

# %%
networks = pd.DataFrame(map(asdict, reached(graph, "international", "en")))
networks[["id", "name", "open_ports", "fragile", "port_names"]].head(8)

# %% [markdown]
# **Diesis Network** has **2** ports; most others hang on **1**, and often that one is the alliance itself. Losing one person there is losing the network.

# %% [markdown]
# ## Chi è la porta? · Who is the port?

# %%
pd.DataFrame(map(asdict, ports(graph, networks["id"][0], "en")))[["name", "level", "known_by", "redundancy"]]

# %% [markdown]
# **Torino Social Impact (TSI)** and Fondazione Piemonte Innova. Redundancy is the share of those who know a port that know the other as well: **0.533333** of those who know the second one do not depend on it.

# %% [markdown]
# ## Quali presentazioni questo mese? · Which introductions this month?
# Chosen together: no introducer more than twice, no organisation more than once, and nobody's share too large.

# %%
month = portfolio(graph, "reach", size=5, lang="en")
for one in month.introductions:
    print(one.rank, f"{one.source_name} - {one.target_name}")
    print("     ", one.reasons[0])
print(f"{month.share:.0%} of what any choice within the limits could reach")

# %% [markdown]
# Five introductions, each to a network with one port or none of its own; together they are **100%** of what any choice within these limits could reach.

# %% [markdown]
# ## E quando non c'è niente da proporre? · And where there is nothing to propose?
# Silence has its reason too.

# %%
print(len(recommend(graph, "fondazione-pudens", to="project", lang="en")))
print(silence(graph, "fondazione-pudens", "project", lang="en"))

# %% [markdown]
# **0** proposals, and the reason in words: ask first, propose then.

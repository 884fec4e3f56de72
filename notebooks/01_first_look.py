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
# # First look at an ecosystem · Primo sguardo a un ecosistema
#
# Torino Social Impact and the organisations around it: who is here, who bridges, what is missing, whom to introduce.
# All numbers are about **documented** ties: where none is documented, nobody recorded one.

# %%
from tempfile import mkdtemp

from tsi_graph import View, compute, export, find_gaps, load_graph, one_mode, open_store, read, recommend, samples

folder = mkdtemp()
store = open_store(f"{folder}/tsi.db")
store.write(read(samples.torino()), "tsi-facts")

# %% [markdown]
# ## Who is here?
# The view for structure leaves out what is not verified, and membership of the alliance itself: it ties everybody to everybody.

# %%
graph = load_graph(store)
graph.nodes["kind"].value_counts()

# %% [markdown]
# Organisations are tied by what they share: a project, network or fund of n bodies is worth 1/(n-1) to each pair, so a large consortium is not many strong ties.

# %%
organisations = one_mode(graph)
len(organisations), len(organisations.edges)

# %% [markdown]
# ## Who bridges?
# Betweenness counts the shortest paths that pass through a body; constraint (Burt) is low where its partners do not know one another.

# %%
positions = compute(organisations, ["degree", "betweenness", "constraint", "effective_size"])
names = organisations.nodes.set_index("id")["name_it"].fillna(organisations.nodes.set_index("id")["name"])
positions.assign(name=names).nlargest(10, "betweenness").round(2)

# %% [markdown]
# The Chamber of Commerce and Compagnia di San Paolo promote the network and touch almost everybody. Who bridges without them?

# %%
from tsi_graph.graph import PROMOTERS

without = one_mode(load_graph(store, View(without=PROMOTERS)))
compute(without, ["betweenness"]).assign(name=names).nlargest(5, "betweenness").round(0)

# %% [markdown]
# And between which sectors? Coordinators bridge inside their own sector, liaisons between two others.

# %%
compute(organisations, ["brokerage_roles"]).assign(name=names).nlargest(5, "liaison").astype({"liaison": int})

# %% [markdown]
# ## What is missing?

# %%
for gap in find_gaps(graph)[:5]:
    print("-", gap.sentence("en"))

# %% [markdown]
# ## Whom to introduce?
# The international networks that SocialFare could meet, why, and through whom.

# %%
for found in recommend(graph, "socialfare", to="network", scope="international", limit=3, lang="en"):
    print(found.name, round(found.score, 3))
    print("  ", " → ".join([found.path[0].source_name, *(step.target_name for step in found.path)]))
    print("  ", *found.reasons, sep="\n   - ")

# %% [markdown]
# ## A map to take along
# One file, no request to anywhere; the same drawing goes to SVG, PNG and PDF by the ending of the name.

# %%
export(
    organisations, f"{folder}/map.html", size=positions["betweenness"].rename("shortest ways through it"), lang="en"
).stat().st_size // 1024

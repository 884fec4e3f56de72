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
# # Primo sguardo a un ecosistema · First look at an ecosystem
#
# Torino Social Impact and the organisations around it: who is here, who bridges, what is missing, whom to introduce.
# All numbers are about **documented** ties: where none is documented, nobody recorded one.

# %%
from tsi_graph import View, compute, find_gaps, load_graph, one_mode, open_store, read, recommend, samples, show

store = open_store("tsi.db")
store.write(read(samples.torino()), "tsi-facts").new

# %% [markdown]
# ## Chi c'è? · Who is here?
# The view for structure leaves out what is not verified, and membership of the alliance itself: it ties everybody to everybody.

# %%
graph = load_graph(store)
graph.nodes["kind"].value_counts()

# %% [markdown]
# **344** organisations and **11** investors are there with their **83** projects, **32** networks and **17** funds.

# %% [markdown]
# ## Chi lavora con chi? · Who works with whom?
# Organisations are tied by what they share: a project, network or fund of n bodies is worth 1/(n-1) to each pair, so a large consortium is not many strong ties.

# %%
organisations = one_mode(graph)
len(organisations), len(organisations.edges)

# %% [markdown]
# **355** organisations and **1804** pairs of them that share something.

# %% [markdown]
# ## Chi fa da ponte? · Who bridges?
# Betweenness counts the shortest paths that pass through a body; constraint (Burt) is low where its partners do not know one another.

# %%
positions = compute(organisations, ["degree", "betweenness", "constraint", "effective_size"])
names = organisations.nodes.set_index("id")["name"]
positions.assign(name=names).nlargest(10, "betweenness").round(2)

# %% [markdown]
# First the **European Commission**, which pays for so many projects; among those of the city the **City of Turin**, **SocialFare** and **Compagnia di San Paolo**.

# %% [markdown]
# ## E senza i promotori? · And without the promoters?
# The Chamber of Commerce and Compagnia di San Paolo promote the network and touch almost everybody.

# %%
view = View(without=View().promoters)
without = one_mode(load_graph(store, view))
compute(without, ["betweenness"]).assign(name=names).nlargest(5, "betweenness").round(0)

# %% [markdown]
# The same three lead; the **University of Turin** takes the place of the promoters.

# %% [markdown]
# ## Fra quali settori? · Between which sectors?
# Coordinators bridge inside their own sector, liaisons between two others.

# %%
compute(organisations, ["brokerage_roles"]).assign(name=names).nlargest(5, "liaison").astype({"liaison": int})

# %% [markdown]
# The **European Commission** and the **City of Turin**; the **University of Turin** has few pairs of its own sector and many (**2894**) of two others: a liaison.

# %% [markdown]
# ## Che cosa manca? · What is missing?

# %%
for gap in find_gaps(graph)[:5]:
    print("-", gap.sentence("en"))

# %% [markdown]
# Work between **Associations and companies** stands out (**33** ties, **123.7** expected); the other gaps may be chance, and say so.

# %% [markdown]
# ## Chi presentare a chi? · Whom to introduce?
# The international network that SocialFare could meet, why, and through whom.

# %%
recommend(graph, "socialfare", to="network", scope="international", limit=1, lang="en")[0]

# %% [markdown]
# **Impact Europe**, through **Cottino Social Impact Campus**: the card says why, and what to watch before writing.

# %% [markdown]
# ## Una mappa da portare via? · A map to take along?
# Shown here in a frame that reaches nothing outside; `export(organisations, "map.html")` writes the same as a file, and `.svg`, `.png` or `.pdf` for a report.

# %%
show(organisations, size=positions["betweenness"].rename("shortest ways through it"), facts=graph, lang="en")

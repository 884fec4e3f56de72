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
# # Ponti e intermediazione, con i classici accanto · Bridges and brokerage, with the published classics beside
#
# A measure is worth as much as its agreement with what others have published. So first three networks from the literature, with the published value beside ours; then Torino, with how sure each answer is.

# %%
import networkx as nx
import pandas as pd

from tsi_graph import Graph, View, compute, load_graph, one_mode, open_store, read, samples, to_networkx
from tsi_graph.analysis import measure

pd.set_option("display.width", 160)

# %% [markdown]
# ## Chi sta al centro dell'aquilone di Krackhardt? · Who is central in Krackhardt's kite?
# Ten people, drawn so that three ideas of "central" name three different ones (Krackhardt 1990, Administrative Science Quarterly 35:342-369; betweenness as a share of the 36 pairs of others, Freeman 1979, Social Networks 1:215-239).

# %%
kite = compute(samples.kite(), ["degree", "closeness", "betweenness"])
kite["betweenness"] = kite["betweenness"] / 36
published = pd.DataFrame(
    {"degree": [6, 5, 5, 3], "closeness": [0.600, 0.643, 0.643, 0.600], "betweenness": [0.102, 0.231, 0.231, 0.389]},
    index=["Diane", "Fernando", "Garth", "Heather"],
)
pd.concat([kite.loc[published.index].round(3), published], axis=1, keys=["ours", "published"])

# %% [markdown]
# The same three numbers for each: **Diane** has most ties (**6**), **Fernando** and **Garth** are nearest to everybody (**0.643**), **Heather** stands between (**0.389**).

# %% [markdown]
# ## Perché i Medici? · Why the Medici?
# Marriages among the families of Florence (Padgett and Ansell 1993, American Journal of Sociology 98:1259-1319). Jackson (2008, Social and Economic Networks, chapter 1) gives the share of shortest ways between others, of 91 pairs: Medici .522, Guadagni .255, Strozzi .103.

# %%
families = compute(samples.florentine(), ["degree", "betweenness", "constraint", "effective_size"])
families["share of ways"] = families["betweenness"] / 91
families["published"] = pd.Series({"Medici": 0.522, "Guadagni": 0.255, "Strozzi": 0.103})
families.nlargest(6, "betweenness").round(3)

# %% [markdown]
# Not by wealth and hardly by number of marriages, but by place: the **Medici** are on **0.522** of the ways between others, twice the **Guadagni**. Burt's constraint says the same from another side: theirs is the lowest (**0.21**), because the families they married hardly married one another.

# %% [markdown]
# ## Si vede una frattura prima che avvenga? · Can a split be seen before it happens?
# The karate club of Zachary (1977, Journal of Anthropological Research 33:452-473) broke in two. Communities are found on the friendships alone; the columns are what happened afterwards.

# %%
club = samples.karate()
found = compute(club, ["community"])["community"].astype(int)
pd.crosstab(found, club.nodes.set_index("id")["club"])

# %% [markdown]
# Of the two large communities **11** and **10** went one way and **1** each the other; the small ones went as a whole. Zachary's own model was wrong about one member, this one is about two.

# %% [markdown]
# ## È una buona divisione? · Is it a good division?
# Modularity of the best division of this network: .420 (Agarwal and Kempe 2008, European Physical Journal B 66:409-418), of the two clubs themselves .358; networkx counts ours.

# %%
groups = [set(found[found == number].index) for number in found.unique()]
clubs = [set(members["id"]) for _, members in club.nodes.groupby("club")]
[round(nx.community.modularity(to_networkx(club), one), 3) for one in (groups, clubs)]

# %% [markdown]
# Ours reaches **0.419**, one thousandth below the best there is; the two clubs have **0.358**, as published. Four communities fit the friendships better than the two halves into which the club broke.

# %% [markdown]
# ## Che ruolo ha chi unisce? · Which role has a broker?
# Five roles (Gould and Fernandez 1989, Sociological Methodology 19:89-126), each by its smallest example: who passes something from a to b, and in which groups the three are.

# %%
letters = {"coordinator": "xxx", "itinerant": "xyx", "representative": "xxy", "gatekeeper": "xyy", "liaison": "xyz"}
pd.DataFrame(
    {
        expected: compute(
            Graph.from_edges(
                [("a", "v"), ("v", "b")], pd.DataFrame({"id": list("avb"), "sector": list(three)}), directed=True
            ),
            ["brokerage_roles"],
        ).loc["v"]
        for expected, three in letters.items()
    }
).astype(int)

# %% [markdown]
# A diagonal of **1**: each example is counted in its own role and in no other.

# %% [markdown]
# ## E a Torino? · And in Torino?
# Organisations tied by what they share, a large consortium counting little for each pair.

# %%
store = open_store("bridges.db")
store.write(read(samples.torino()), "tsi-facts")
graph = load_graph(store)
torino = one_mode(graph)
names = torino.nodes.set_index("id")["name"]
bridges = compute(torino, ["betweenness", "constraint", "effective_size"]).assign(name=names)
bridges.nlargest(8, "betweenness").round(2)

# %% [markdown]
# First the **European Commission**, then the **City of Turin** and **SocialFare**; all have a low constraint, so their contacts seldom know one another.

# %% [markdown]
# ## E senza i promotori? · And without the promoters?
# Compagnia di San Paolo and the Chamber of Commerce promote the alliance and touch almost everybody by their office; who bridges without them is another question.

# %%
without = one_mode(load_graph(store, View(without=View().promoters)))
compute(without, ["betweenness"]).assign(name=names).nlargest(5, "betweenness").round(0)

# %% [markdown]
# The city, the University and **SocialFare** stand between the others. The **European Commission** is first because it pays for so many projects: a funder is a bridge on paper, and whoever wants hosts and conveners reads on from **comune-di-torino**.

# %% [markdown]
# ## Quanto è sicuro? · How sure is that?
# Some documented ties are wrong, and others were never written down. The interval says between which ranks an organisation stays when ties are kept only as surely as their confidence says, and one in ten more is added that nobody wrote down (Borgatti, Carley and Krackhardt 2006, Social Networks 28:124-136).

# %%
sure = measure(graph, "uncertainty", names=["betweenness"], missing=0.1)
sure.nsmallest(8, "rank")[["id", "rank", "rank_low", "rank_high"]].astype({"rank": int})

# %% [markdown]
# The first **2** hardly change places with anybody, and **socialfare** stays among the first **4**. **ubi-banca** shows why to look at the interval: by what is documented its rank is **7**, but it may as well be **22**. Names that differ by less than that are not ranked.

# %% [markdown]
# ## Fra quali settori si fa da ponte? · Between which sectors?
# How often brokers join in each role, beside what chance ties would give.

# %%
measure(torino, "roles_summary").round(1)

# %% [markdown]
# Brokers join two of their own sector (**6502** times, where **807** would be expected) and one of their own with one of another (**10884**, **3981.6**) far more often than chance ties would; two bodies of sectors that are not their own hardly more (liaison, z **2.4**; itinerant, z **-0.5**). Most ties run along sectors; that somebody joins strangers is left to chance, and worth asking for.

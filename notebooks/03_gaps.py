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
# # Che cosa manca · What is missing
#
# A gap is something one would expect and that is not documented. It may be a gap of the ecosystem or one of the data; each says for how many of those concerned anything is documented.

# %%
import pandas as pd

from tsi_graph import find_gaps, load_graph, one_mode, open_store, read, samples
from tsi_graph.analysis import measure
from tsi_graph.exports.charts import chart
from tsi_graph.recommend import portfolio

pd.set_option("display.width", 160)
pd.set_option("display.max_colwidth", 90)

# %%
store = open_store("gaps.db")
store.write(read(samples.torino()), "tsi-facts")
graph = load_graph(store)
gaps = pd.DataFrame(find_gaps(graph))
gaps["kind"].value_counts()

# %% [markdown]
# Three families: **13** pairs of sectors, **4** topics, and **192** organisations about which little but one fact is known. The last is so long because the starter data follow projects, not organisations.

# %% [markdown]
# ## Quali settori si incontrano meno di quanto ci si aspetta? · Which sectors meet less than expected?
# Expected is the mean of 2,000 draws in which the sectors are dealt out anew and the ties stay; so a consortium of twenty is not twenty times evidence.

# %%
sectors = gaps[gaps["kind"] == "sectors"]
sectors[["names", "observed", "expected", "p", "significant", "coverage"]].head(8).round({"expected": 1, "p": 3})

# %% [markdown]
# **associations, companies** is the one pair that stands out beyond chance: **33** ties where **123.7** would be expected. The others are hints: **cooperatives, incubators** have **0** ties, but only **7.3** were to be expected.

# %% [markdown]
# ## E in una figura? · And in a picture?
# Observed ties against expected, sector by sector.

# %%
chart(graph, "sectors", "en").alt

# %% [markdown]
# That is the alternative text of the picture that `tsi export sectors.svg` and the report draw: **incubators and research bodies** meet more than expected, **associations and companies** less.

# %% [markdown]
# ## Su quali temi manca chi finanzia, o chi lavora? · Which topics lack a funder, or a project?

# %%
topics = gaps[gaps["kind"] == "topic"]
topics[["names", "observed", "lacks", "coverage"]].head(10)

# %% [markdown]
# **Communication** and three others: each is worked on by one or two bodies or projects, and no documented funder pays for it. For **66** of **86** projects a topic is documented, so a funder may also be there and unrecorded.

# %% [markdown]
# ## Chi è isolato, e chi è solo poco documentato? · Who is alone, and who only little documented?

# %%
alone = gaps[gaps["kind"] == "isolated"]
for reasons in alone["reasons"].head(5):
    print("-", reasons["en"])

# %% [markdown]
# **Consorzio Sociale Abele Lavoro** and the other first ones are members of the alliance of whom nothing else is written down. A question to them costs less than a conclusion about them.

# %% [markdown]
# ## Quale legame nuovo cambierebbe di più? · Which one new tie would change most?
# Efficiency is how near everybody is to everybody (Latora and Marchiori 2001, Physical Review Letters 87:198701).

# %%
torino = one_mode(graph)
measure(torino, "what_if", limit=5)[["source_name", "target_name", "before", "after", "change"]].round(4)

# %% [markdown]
# The **Migrants Pastoral Office of Turin** belongs to a small part that hangs apart from the rest; any tie into the middle would bring it near. The gain (**0.0076**) is small, because one tie never changes much for a whole city.

# %% [markdown]
# ## Quali presentazioni lo chiuderebbero? · Which introductions would close it?
# A month of introductions between two sectors that hardly meet, chosen together.

# %%
for one in portfolio(graph, "gap", about="association,company", size=3, lang="en").introductions:
    print(f"{one.source_name} - {one.target_name}")
    print("   ", one.reasons[0])

# %% [markdown]
# Each with its reason, such as **TOFIS - PerMicro**; the reasons are what a person can check before writing to anybody.

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
# # Quanto valgono le proposte · How good are the recommendations
#
# Hide what came after a day, ask for it, and count: of the ten named first, how many did each organisation really meet afterwards? (Liben-Nowell and Kleinberg 2007, JASIST 58:1019-1031.)

# %%
from dataclasses import asdict

import pandas as pd

from tsi_graph import load_graph, open_store, read, samples
from tsi_graph.recommend import evaluate

pd.set_option("display.width", 160)
store = open_store("evaluation.db")
store.write(read(samples.torino()), "tsi-facts")
graph = load_graph(store)

# %% [markdown]
# ## Si può chiedere ai dati di Torino? · Can Torino's data be asked?
# What is documented before the first day of 2020 is known; asked for is who first shares something in the two years after.

# %%
run = evaluate(graph, "2020", months=24)
run.organisations, run.pairs, run.eligible, run.queries, run.undated

# %% [markdown]
# Hardly. Of **256** organisations only **6** had enough before that day and enough new partners after it. **171** ties have no date and count as known.

# %% [markdown]
# ## Meglio di punteggi più semplici? · Better than simpler scores?
# P@10 with its 95 % interval; Adamic-Adar (2003, Social Networks 25:211-230) is the one to beat.

# %%
scores = pd.DataFrame({score.name: asdict(score.all["p10"]) for score in run.scores}).T
scores[["mean", "low", "high", "difference", "difference_low", "difference_high"]].round(3)

# %% [markdown]
# They cannot be told apart from Adamic-Adar: **0.233** against **0.250**, a difference of **-0.017** whose interval goes from **-0.067** to **0.033**. Chance (**0.033**) is beaten clearly.

# %% [markdown]
# ## E in un altro anno? · And in another year?

# %%
later = evaluate(graph, "2022", months=24)
pd.DataFrame({score.name: asdict(score.all["p10"]) for score in later.scores}).T[["mean", "low", "high"]].round(3)

# %% [markdown]
# With half as many queries everything overlaps: **0.067** for ours, **0.133** for resource allocation, intervals from **0.0** up. A city's own data show whether something is badly wrong, not which of two good scores is better. That was measured on open data with thousands of queries: the tables are in `docs/recommendation.md`, and `python -m benchmarks.recommendations` makes them.

# %% [markdown]
# ## Chi si fa vedere? · Who gets to be seen?
# Groups by how many things an organisation takes part in: their share of the organisations, and of the first ten places. Ratio 1 is even.

# %%
pd.DataFrame(map(asdict, run.exposure)).query("by == 'size'").round(3)

# %% [markdown]
# Those in one thing only are **0.633** of all and get **0.15** of the first places, those in ten or more get **7.924** times their share. Adamic-Adar gives the former **0.083**. A portfolio for the periphery (`tsi portfolio --objective periphery`) is the answer to that, not another score.

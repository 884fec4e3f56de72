"""Every number that a recommendation is weighed with, and why it is that number.

None is fitted. They come from trials on open data of research consortia and venture deals over several
cuts in time, where a wide plateau around each of them does as well; docs/recommendation.md has the figures.
"""

HALF_LIFE = 4.0
"""Years after which something that ended is worth half. Two do better where deals are quick, so it is a setting."""

HALF_LIVES = (0.1, 100.0)
"""The shortest and the longest half-life that anybody may ask for, in years."""

SATURATION = 0.3
"""Power of the evidence for a tie: the tenth joint project says less than the first. Unsaturated loses 8 to 21 %."""

HUB = 0.6
"""Power of its number of partners by which a go-between says less. 1 goes too far, AA's logarithm not far enough."""

LIKENESS = (0.1, 0.3)
"""What a pair without a common topic keeps, and the power of likeness. A larger power sorts by topic alone."""

PART = (0.1, 8.0)
"""The least and the largest part of one participant in a project's money, the average being 1.

A tie between two counts by the geometric mean of their parts, so that a large part does not outweigh all
else; an unknown part is an average one. Below a tenth, the amounts are those of travel, not of work.
"""

WEAK = 0.01
"""A chain less likely than this is only a hint, and leads nobody anywhere."""

FAINT = 0.1
"""A tie less likely than this is no step of a chain: a project of twenty that ended years ago acquaints nobody.

A running one of twenty has .2, a working group of nine after six years .12.
"""

STEPS = 3
"""The most ties of a chain: nobody asks a stranger's stranger's friend."""

ENOUGH_PORTS = 4
"""A network that so many bodies of the ecosystem reach directly needs no further one."""

STALE, STALE_LASTING = 5, 10
"""Years after which a tie, or a membership or other lasting tie, is to be asked about."""

OVER = {"event": 0.0, "award": 0.0, "call": 0.5}
"""Years after its start in which one can still join what has no documented end, by what it is; STALE for the rest."""

SMALL_GROUP = 8
"""In a group of at most so many everybody has met everybody."""

DOCUMENTED = 2
"""The least confidence of what counts: medium. What nobody verified is no evidence and part of no chain."""

TOP_DEGREE = 0.99
"""Who has more partners than this share of all is a hub, and left out of half of the evaluation."""

"""Who should meet whom, why, and through whom."""

from tsi_graph.recommend.alternatives import Way, ways
from tsi_graph.recommend.evaluation.evaluate import Evaluation, evaluate
from tsi_graph.recommend.explained import Part
from tsi_graph.recommend.ledger.reading import Considered, considered
from tsi_graph.recommend.networks import Reached, reached
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.portfolios.objectives import OBJECTIVES
from tsi_graph.recommend.portfolios.portfolio import Portfolio, portfolio
from tsi_graph.recommend.ports import Port, ports
from tsi_graph.recommend.ranking import candidates
from tsi_graph.recommend.rules import TO
from tsi_graph.recommend.score import Recommendation, recommend
from tsi_graph.recommend.silence import silence
from tsi_graph.recommend.telling import told

__all__ = [
    "OBJECTIVES", "TO", "Considered", "Evaluation", "Part", "Port", "Portfolio", "Reached", "Recommendation", "Step",
    "Way",
    "candidates", "considered", "evaluate", "portfolio", "ports", "reached", "recommend", "silence", "told",
    "ways",
]  # fmt: skip

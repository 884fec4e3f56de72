"""Who should meet whom, why, and through whom."""

from tsi_graph.recommend.alternatives import Way, ways
from tsi_graph.recommend.evaluate import Evaluation, evaluate
from tsi_graph.recommend.explained import Part
from tsi_graph.recommend.ledger import Considered, considered
from tsi_graph.recommend.path import Step
from tsi_graph.recommend.portfolio import OBJECTIVES, Portfolio, portfolio
from tsi_graph.recommend.ports import Port, ports
from tsi_graph.recommend.ranking import candidates
from tsi_graph.recommend.rules import TO
from tsi_graph.recommend.score import Recommendation, recommend
from tsi_graph.recommend.telling import told

__all__ = [
    "OBJECTIVES", "TO", "Considered", "Evaluation", "Part", "Port", "Portfolio", "Recommendation", "Step", "Way",
    "candidates", "considered", "evaluate", "portfolio", "ports", "recommend", "told", "ways",
]  # fmt: skip

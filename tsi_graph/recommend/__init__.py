"""Who should meet whom, why, and through whom."""

from tsi_graph.recommend.path import Step
from tsi_graph.recommend.rules import TO
from tsi_graph.recommend.score import Recommendation, recommend
from tsi_graph.recommend.telling import told

__all__ = ["TO", "Recommendation", "Step", "recommend", "told"]

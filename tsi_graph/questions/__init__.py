"""Ready questions with blanks, and their answers: the same on a page, in the API and on the command line."""

from tsi_graph.questions.asking import LABELS, Answer, ask, blanked, choices, question, ready, understood
from tsi_graph.questions.ready import QUESTIONS

__all__ = ["LABELS", "QUESTIONS", "Answer", "ask", "blanked", "choices", "question", "ready", "understood"]

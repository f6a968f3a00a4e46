"""The vendor as a server that behaves as its document says, and misbehaves on demand."""

from studio.transend.simulator.footage import Sizes
from studio.transend.simulator.journal import Received
from studio.transend.simulator.scenario import BadScenario
from studio.transend.simulator.server import Simulator, run

__all__ = ["BadScenario", "Received", "Simulator", "Sizes", "run"]

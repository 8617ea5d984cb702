"""The parts that the composition root builds."""

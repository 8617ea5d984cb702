"""What the operator sets: settings of the environment, and the trust file with its versions."""

"""What two services both know, and nothing else: the events, the facts they carry, the plan of effects."""

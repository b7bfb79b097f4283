"""How the suite is started, filled with synthetic people and shown: nothing here runs in production."""

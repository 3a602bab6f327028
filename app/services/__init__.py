"""Use cases: analysis and cache put together, without a screen."""

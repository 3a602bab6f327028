"""The one thread that computes, and what is asked of it; it knows no domain."""

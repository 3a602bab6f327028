"""Plain data in, a Plotly figure out."""

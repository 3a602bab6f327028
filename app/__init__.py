"""What a person sees: pages, figures and the use cases behind them."""

"""Measuring of one open zoo: the merged model, the models it lies between, and runs of recipes."""

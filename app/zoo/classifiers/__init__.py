"""Image classifiers of timm and Hugging Face as encoders: all but their last layer, a task's head."""

"""What a person calls the kinds of weights, in the order a block applies them."""

COMPONENT_NAMES = {
    "attn_q": "attention q",
    "attn_k": "attention k",
    "attn_v": "attention v",
    "attn_qkv": "attention qkv",
    "attn_out": "attention out",
    "mlp_in": "MLP in",
    "mlp_out": "MLP out",
    "norm": "norms",
    "embedding": "embeddings",
    "head": "projection head",
    "other": "other",
}

"""Writes a tiny model with random weights, for a server that speaks a protocol but need not say anything sensible.

usage: make_model.py OUT.gguf

Its tokens are single bytes. Where the grammar of a schema leaves it the choice, it prefers to end what it has begun, so
that an answer in the form of the schema is short and complete.
"""

import sys

import gguf
import numpy

WIDTH, INNER, HEADS, CONTEXT = 64, 128, 4, 65536
UNKNOWN, BEGIN, END = 0, 1, 2
LIKES = {b'"': 2.0, b"y": 0.5, b"n": 0.5}


def main(out: str) -> None:
    tokens = [b"<unk>", b"<s>", b"</s>"] + [f"<0x{byte:02X}>".encode() for byte in range(256)] + ["\u2581".encode()]
    types = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    types += [gguf.TokenType.BYTE] * 256 + [gguf.TokenType.NORMAL]

    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(types)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(BEGIN)
    writer.add_eos_token_id(END)

    random = numpy.random.default_rng(7)

    def weights(*shape: int) -> numpy.ndarray:
        return random.normal(0.0, 0.02, shape).astype(numpy.float32)

    # The first number is the same for every token, so that what is preferred does not depend on what came before.
    embedding = weights(len(tokens), WIDTH)
    embedding[:, 0] = 4.0
    output = weights(len(tokens), WIDTH)
    output[:, 0] = 0.0
    output[END, 0] = 1.0
    for letter, much in LIKES.items():
        output[3 + letter[0], 0] = much

    ones = numpy.ones(WIDTH, dtype=numpy.float32)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", ones)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("blk.0.attn_norm.weight", ones)
    for name in ("q", "k", "v", "output"):
        writer.add_tensor(f"blk.0.attn_{name}.weight", weights(WIDTH, WIDTH))
    writer.add_tensor("blk.0.ffn_norm.weight", ones)
    writer.add_tensor("blk.0.ffn_gate.weight", weights(INNER, WIDTH))
    writer.add_tensor("blk.0.ffn_up.weight", weights(INNER, WIDTH))
    writer.add_tensor("blk.0.ffn_down.weight", weights(WIDTH, INNER))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1])
